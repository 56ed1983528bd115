import { expect, test } from "bun:test";
import { join } from "node:path";
import { migrateDatabase, openDatabase } from "../database.ts";
import * as schema from "./control.ts";

const MIGRATIONS = join(import.meta.dir, "../migrations/control");

async function openControl() {
  const database = await openDatabase({ place: ":memory:", schema });
  await migrateDatabase(database, MIGRATIONS);
  return database;
}

test("every table of the control database is STRICT", async () => {
  await using database = await openControl();
  const tables = await database.client.execute("PRAGMA table_list");
  const own = tables.rows.filter(
    (row) => row.schema === "main" && !/^(sqlite|__)/.test(`${row.name}`),
  );
  expect(own.length).toBeGreaterThanOrEqual(8);
  expect(own.filter((row) => row.strict !== 1).map((row) => row.name)).toEqual([]);
});

const refused: [string, string][] = [
  ["text in a number column", "INSERT INTO worlds VALUES ('arena', 'Arena', 'now')"],
  ["an empty title", "INSERT INTO worlds VALUES ('arena', '', 1)"],
  [
    "a role that does not exist",
    "INSERT INTO players VALUES ('p', NULL, NULL, NULL, 'Ada', 'owner', 0, 1)",
  ],
  [
    "a username without a password",
    "INSERT INTO players VALUES ('p', 'ada', 'ada', NULL, 'Ada', 'player', 0, 1)",
  ],
  [
    "a guest who runs the deployment",
    "INSERT INTO players VALUES ('p', NULL, NULL, NULL, 'Ada', 'admin', 1, 1)",
  ],
  ["a session of nobody", "INSERT INTO sessions VALUES ('s', 'nobody', '', 0, 1, 1, NULL, NULL)"],
];
for (const [what, statement] of refused) {
  test(`${what} is refused`, async () => {
    await using database = await openControl();
    await expect(database.client.execute(statement)).rejects.toThrow(/SQLITE_CONSTRAINT/);
  });
}
