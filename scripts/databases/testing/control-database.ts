// The server's database without a server.
import { migrationFolders } from "#shared/infra/db/data-folder.ts";
import { migrateDatabase, openDatabase } from "#shared/infra/db/database.ts";

/** Makes or opens `<data>/control.db` and adds a player of each name. */
export async function addPlayers(data: string, names: readonly string[]): Promise<string> {
  const place = `${data}/control.db`;
  await using database = await openDatabase({ place, schema: {} });
  await migrateDatabase(database, migrationFolders.control);
  const sql = "INSERT INTO players (id, display_name, created_at_ms) VALUES (?, ?, 1)";
  await database.client.batch(
    names.map((name) => ({ sql, args: [crypto.randomUUID(), name] })),
    "write",
  );
  return place;
}

/** The names of the players in a database, sorted. */
export async function listPlayers(place: string): Promise<string[]> {
  await using database = await openDatabase({ place, schema: {} });
  const sql = "SELECT display_name FROM players ORDER BY display_name";
  return (await database.client.execute(sql)).rows.map((row) => String(row[0]));
}
