import {
  type DatabaseFile,
  listDatabaseFiles,
  migrationFolders,
} from "#shared/infra/db/data-folder.ts";
import { findMissingMigrations } from "#shared/infra/db/database.ts";
import { findDatabaseUser, lookAtDatabase } from "#shared/infra/db/look-at-database.ts";
import { type Finding, reasonOf } from "./finding.ts";

/** Which of the databases are open, and whether the others are of this version. */
export async function checkDatabases(data: string): Promise<Finding[]> {
  return await Promise.all(listDatabaseFiles(data).map(checkDatabase));
}

async function checkDatabase({ kind, name, path }: DatabaseFile): Promise<Finding> {
  const check = `database ${name}`;
  const user = findDatabaseUser(path);
  // Its process has looked at it at its start.
  if (user !== undefined) return { check, status: "ok", text: `process ${user} has it open` };
  try {
    using database = lookAtDatabase(path);
    const missing = await findMissingMigrations(database, migrationFolders[kind]);
    if (database.hasWal) {
      const text = "its process was killed; the next start takes over what stands in the -wal";
      return { check, status: "note", text };
    }
    if (missing.length === 0) return { check, status: "ok", text: "of this version" };
    const text = `lacks ${missing.join(", ")}; the next start or bun run migrate adds that`;
    return { check, status: "note", text };
  } catch (error) {
    const fix = "see above; `bun run restore` puts a backup in its place";
    const reason = reasonOf(error);
    const text = reason.startsWith("cannot ") ? reason : `cannot read ${path}: ${reason}`;
    return { check, status: "problem", text, fix };
  }
}
