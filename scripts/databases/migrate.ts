// Brings the databases of a data folder to this version, before the processes do it at their start.
import {
  type DatabaseFile,
  listDatabaseFiles,
  migrationFolders,
} from "#shared/infra/db/data-folder.ts";
import { findMissingMigrations, migrateDatabase, openDatabase } from "#shared/infra/db/database.ts";
import { findDatabaseUser, lookAtDatabase } from "#shared/infra/db/look-at-database.ts";
import { readSettings } from "#shared/infra/settings.ts";
import type { Surroundings } from "./backup.ts";
import { readFlags } from "./flags.ts";

const USAGE = `usage: bun run migrate [--dry-run]
  --dry-run  only tell what would be done`;

/** Migrates all that can be; false when a database could not be. */
export async function migrateAll(
  given: readonly string[],
  { environment, say }: Surroundings,
): Promise<boolean> {
  const flags = readFlags(given, { does: "migrate", usage: USAGE, alone: ["--dry-run"] });
  const { TESSERA_DATA: data } = readSettings(["TESSERA_DATA"], environment);
  const databases = listDatabaseFiles(data);
  if (databases.length === 0) say(`${data} holds no database; the first start makes them`);
  let isAllDone = true;
  for (const database of databases) {
    try {
      const names = await (flags.has("--dry-run") ? look(database) : migrate(database));
      say(`${database.name}: ${describe(names, flags.has("--dry-run"))}`);
    } catch (error) {
      isAllDone = false;
      say(`${database.name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return isAllDone;
}

function describe(names: readonly string[], isDryRun: boolean): string {
  if (names.length === 0) return "is up to date";
  return `${isDryRun ? "lacks" : "migrated by"} ${names.join(", ")}`;
}

async function migrate({ path, kind }: DatabaseFile): Promise<readonly string[]> {
  await using database = await openDatabase({ place: path, schema: {} });
  const missing = await findMissingMigrations(database, migrationFolders[kind]);
  await migrateDatabase(database, migrationFolders[kind]);
  return missing;
}

async function look({ path, kind }: DatabaseFile): Promise<readonly string[]> {
  const user = findDatabaseUser(path);
  if (user !== undefined) {
    throw new Error(
      `cannot migrate ${path}: process ${user} has it open; stop that process, which migrates it ` +
        "at its next start as well",
    );
  }
  using database = lookAtDatabase(path);
  const missing = await findMissingMigrations(database, migrationFolders[kind]);
  if (missing.length === 0 || !database.hasWal) return missing;
  throw new Error(
    `cannot tell what ${path} lacks: a process was killed on it and its last changes stand in ` +
      "the -wal; migrate without --dry-run, or start its process",
  );
}
