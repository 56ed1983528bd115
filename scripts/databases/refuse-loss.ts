import { type Database, DatabaseError } from "#shared/infra/db/database.ts";
import { type Description, describeDatabase } from "./examine-database.ts";

/**
 * Throws when a database must not be replaced by `restored`: it was made by another version, or it
 * is sound, holds something else, and nobody said that this may be undone.
 */
export async function refuseLoss(
  current: Database<Record<string, unknown>>,
  { restored, undo }: { restored: Description; undo: boolean },
): Promise<void> {
  const { place } = current;
  let found: Description;
  try {
    found = await describeDatabase(current);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const way = "run the restore of that version, or move the file away first";
    throw new DatabaseError(
      error.reason,
      place,
      error.reason === "newer"
        ? `cannot restore ${place}: the database in place was changed by another version of ` +
            `Tessera; nothing was changed. To replace it ${way}`
        : `cannot restore ${place}: the file in place is none of Tessera's; nothing was changed. ` +
            "Move it away first",
    );
  }
  if (undo || isEmpty(found)) return;
  throw new Error(
    `cannot restore ${place}: the database in place is sound, and ${tellLoss(found, restored)}. ` +
      "If that is what you want, say --undo; the database in place is kept beside it",
  );
}

/** A shard that never ran a tick has nothing to lose. */
function isEmpty({ shard }: Description): boolean {
  return shard !== undefined && shard.tick === 0;
}

function tellLoss({ shard: found }: Description, { shard: restored }: Description): string {
  if (found === undefined || restored === undefined) {
    return "all accounts and logins since the backup would be undone";
  }
  if (found.databaseId !== restored.databaseId) {
    return `another world than the backup's: it stands at tick ${found.tick}`;
  }
  return found.tick > restored.tick
    ? `its ticks from ${restored.tick + 1} to ${found.tick} would be undone`
    : `it stands at tick ${found.tick} as the backup does at ${restored.tick}`;
}
