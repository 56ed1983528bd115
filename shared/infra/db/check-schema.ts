// Compares the tables, indexes and triggers of a database with those that its migrations make.
// Their text stands in the file as everything else does, and a bit of it that changes makes a
// trigger refuse what it should let pass, or let pass what it should refuse.

import { asBytes, readText } from "./damaged-text.ts";
import {
  type Database,
  DatabaseError,
  migrateDatabase,
  openDatabase,
  type ReadableDatabase,
} from "./database.ts";

type Migrated = Pick<Database<Record<string, unknown>>, "client" | "place">;

/** By folder of migrations, what they make: it is the same as long as the process lives. */
const known = new Map<string, Promise<ReadonlyMap<string, string>>>();

/** Throws DatabaseError when something is missing or other than the migrations of `folder` make. */
export async function checkSchema({ client, place }: Migrated, folder: string): Promise<void> {
  const made = known.get(folder) ?? makeSchema(folder);
  known.set(folder, made);
  const found = await readSchema({ client, place });
  for (const [name, definition] of await made) {
    if (found.get(name) === definition) continue;
    const what = found.has(name) ? "is not what it was" : "is missing";
    throw new DatabaseError(
      "damaged",
      place,
      `cannot use database ${place}: its ${name} ${what}; nothing was changed. Put a backup in ` +
        "its place, or move the file away to start empty",
    );
  }
}

async function makeSchema(folder: string): Promise<ReadonlyMap<string, string>> {
  await using database = await openDatabase({ place: ":memory:", schema: {} });
  await migrateDatabase(database, folder);
  return await readSchema(database);
}

/** Definitions by kind and name; the list of migrations is its migrator's. */
async function readSchema({ client }: ReadableDatabase): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.execute(
    `SELECT ${asBytes("type || ' ' || name")}, ${asBytes("tbl_name || coalesce(sql, '')")}
      FROM sqlite_schema WHERE tbl_name <> '__drizzle_migrations'`,
  );
  return new Map(rows.map((row) => [readText(row[0]), readText(row[1])]));
}
