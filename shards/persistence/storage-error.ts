import { writeFaultOf } from "#shared/infra/db/database-error.ts";
import { Damage } from "./damage.ts";

/**
 * A write or read of an open shard database that failed. `passing`: a full or failing disk, the
 * same is tried again; `fatal`: damage, or a later owner; nothing more may be written.
 */
export class StorageError extends Error {
  override readonly name = "StorageError";
  readonly kind: "passing" | "fatal";

  constructor(kind: "passing" | "fatal", message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

/** Runs what touches the database at `path`; what goes wrong there becomes a StorageError. */
export async function guardStorage<T>(
  verb: "write" | "read",
  path: string,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof StorageError) throw error;
    const cannot = `cannot ${verb} shard database ${path}`;
    if (error instanceof Damage) {
      throw new StorageError(
        "fatal",
        `${cannot}: ${error.message}; put a backup in its place`,
        error,
      );
    }
    const { passing, fenced, text } = writeFaultOf(error);
    if (passing) throw new StorageError("passing", `${cannot}: ${text}`, error);
    if (fenced) throw fencedError(verb, path, error);
    throw new StorageError(
      "fatal",
      `${cannot}: ${text}; what was committed before is kept, a restart recovers it`,
      error,
    );
  }
}

/** A later owner has written: this process must not serve any more. */
export function fencedError(verb: "write" | "read", path: string, cause?: unknown): StorageError {
  return new StorageError(
    "fatal",
    `cannot ${verb} shard database ${path}: a later owner has written to it; let that one serve, ` +
      "or start this shard again to be granted a new lease",
    cause,
  );
}
