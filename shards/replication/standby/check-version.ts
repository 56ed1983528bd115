import { findMissingMigrations } from "#shared/infra/db/database.ts";
import { DatabaseError } from "#shared/infra/db/database-error.ts";
import { SHARD_MIGRATIONS } from "../../persistence/shard-store.ts";
import type { SqlClient } from "../copy/sql.ts";
import { FollowError } from "./follow-trouble.ts";

/** Throws FollowError unless the replica's tables are as this version has them, or none. */
export async function checkVersion(client: SqlClient, place: string): Promise<void> {
  const execute = async (sql: string) => {
    const [result] = await client.batch([sql], "read");
    return { rows: result?.rows ?? [] };
  };
  const missing = await findMissingMigrations({ place, client: { execute } }, SHARD_MIGRATIONS)
    // Another version's tables, or another program's: neither is this shard's.
    .catch((error: unknown) => {
      if (error instanceof DatabaseError) return error;
      throw error;
    });
  if (missing instanceof DatabaseError && missing.reason === "foreign") {
    throw new FollowError(
      "foreign",
      "it holds another program's tables; set TESSERA_STANDBY_URL to this shard's replica",
    );
  }
  if (missing instanceof DatabaseError) {
    throw new FollowError(
      "version",
      "its owner runs another version of Tessera; run that version here, too",
    );
  }
  const isUsed = (await execute("SELECT 1 FROM sqlite_schema WHERE type = 'table' LIMIT 1")).rows;
  if (missing.length === 0 || isUsed.length === 0) return;
  throw new FollowError(
    "version",
    "its owner runs an older version of Tessera; update the owner, or run its version here",
  );
}
