import { DatabaseError } from "#shared/infra/db/database-error.ts";

/** Something in a shard database is not as it was written; the message ends a sentence. */
export class Damage extends Error {
  override readonly name = "Damage";
}

/** The same for people, with the place and the way out. */
export function damagedError(place: string, cause: unknown): DatabaseError {
  const what = cause instanceof Error ? cause.message : String(cause);
  return new DatabaseError(
    "damaged",
    place,
    `cannot restore shard from ${place}: ${what}; nothing was changed. Put a backup in its ` +
      "place, or move the file away to start the world anew",
    cause,
  );
}
