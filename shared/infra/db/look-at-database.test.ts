import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { openDatabase } from "./database.ts";
import { findDatabaseUser, lookAtDatabase } from "./look-at-database.ts";

async function makeNotes(place: string) {
  const database = await openDatabase({ place, schema: {} });
  await database.client.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY) STRICT");
  await database.client.execute("INSERT INTO notes VALUES (7)");
  return database;
}

test("a look reads a closed database and leaves it as it is", async () => {
  using folder = createTempDir();
  const place = join(folder.path, "a #1.db");
  await (await makeNotes(place)).close();
  const before = readFileSync(place);
  {
    using look = lookAtDatabase(place);
    expect((await look.client.execute("SELECT id FROM notes")).rows).toEqual([[7]]);
    expect(look.hasWal).toBe(false);
  }
  expect(readFileSync(place).equals(before)).toBe(true);
  expect(readdirSync(folder.path)).toEqual(["a #1.db"]);
});

test("a look at what another process left in the WAL says that there is more", async () => {
  using folder = createTempDir();
  const place = join(folder.path, "killed.db");
  const script = `
    import { openDatabase } from ${JSON.stringify(join(import.meta.dir, "database.ts"))};
    const database = await openDatabase({ place: ${JSON.stringify(place)}, schema: {} });
    await database.client.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY) STRICT");
    process.kill(process.pid, "SIGKILL");`;
  await Bun.spawn([process.execPath, "-e", script]).exited;
  const before = readdirSync(folder.path);
  {
    using look = lookAtDatabase(place);
    expect(look.hasWal).toBe(true);
    expect((await look.client.execute("SELECT name FROM sqlite_schema")).rows).toEqual([]);
  }
  expect(readdirSync(folder.path)).toEqual(before);
});

test("where the system tells, the process that has a database open is known", async () => {
  using folder = createTempDir();
  const place = join(folder.path, "open.db");
  const database = await makeNotes(place);
  const expected = process.platform === "linux" ? process.pid : undefined;
  expect(findDatabaseUser(place)).toBe(expected);
  await database.close();
  expect(findDatabaseUser(place)).toBeUndefined();
});
