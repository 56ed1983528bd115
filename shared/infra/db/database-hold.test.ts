import { expect, test } from "bun:test";
import { copyFileSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { openDatabase } from "./database.ts";
import { DatabaseHold } from "./database-hold.ts";
import { readHoldRequest } from "./hold-messages.ts";

const ID = "0190a0a0-0000-7000-8000-000000000001";
const OTHER = "0190a0a0-0000-7000-8000-000000000002";

async function setUp(folder: string) {
  const place = join(folder, "held.db");
  const database = await openDatabase({ place, schema: {} });
  const clock = new FakeClock();
  const hold = new DatabaseHold({ database, clock });
  let written = 0;
  const write = (rows: number) =>
    database.client.batch(
      Array.from({ length: rows }, () => ({
        sql: "INSERT INTO notes VALUES (?, randomblob(2000))",
        args: [++written],
      })),
      "write",
    );
  await database.client.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, body BLOB) STRICT");
  const autocheckpoint = async () =>
    (await database.client.execute("PRAGMA wal_autocheckpoint")).rows[0]?.[0];
  return { place, database, clock, hold, write, autocheckpoint };
}

async function countNotes(place: string): Promise<unknown> {
  await using copy = await openDatabase({ place, schema: {} });
  return (await copy.client.execute("SELECT count(*) FROM notes")).rows[0]?.[0];
}

test("while a database is held its file stands still and commits go on", async () => {
  using folder = createTempDir();
  const { place, database, hold, write, autocheckpoint } = await setUp(folder.path);
  await write(10);
  expect(await hold.handle({ action: "take", id: ID })).toMatchObject({ held: true });
  const before = readFileSync(place);
  // Far more pages than a checkpoint of its own accord would wait for.
  for (let round = 0; round < 10; round++) await write(500);
  expect(readFileSync(place).equals(before)).toBe(true);
  const copy = join(folder.path, "copy.db");
  copyFileSync(place, copy);
  expect(await hold.handle({ action: "release", id: ID })).toMatchObject({ held: true });
  expect(await countNotes(copy)).toBe(10);
  expect(await autocheckpoint()).toBe(1000);
  await write(1);
  expect(statSync(place).size).toBeGreaterThan(before.length);
  await database.close();
  expect(await countNotes(place)).toBe(5_011);
});

test("one backup at a time; another is told so", async () => {
  using folder = createTempDir();
  const { database, hold } = await setUp(folder.path);
  await hold.handle({ action: "take", id: ID });
  expect(await hold.handle({ action: "take", id: OTHER })).toEqual({
    held: false,
    reason: "another backup is being made",
  });
  expect(await hold.handle({ action: "release", id: OTHER })).toMatchObject({ held: false });
  expect(await hold.handle({ action: "renew", id: ID })).toMatchObject({ held: true });
  await database.close();
});

test("a hold of which nothing is heard ends, and its copy is void", async () => {
  using folder = createTempDir();
  const { database, clock, hold, autocheckpoint } = await setUp(folder.path);
  await hold.handle({ action: "take", id: ID });
  clock.advance(14_000);
  expect(await hold.handle({ action: "renew", id: ID })).toMatchObject({ held: true });
  clock.advance(14_000);
  expect(await autocheckpoint()).toBe(0);
  clock.advance(1_001);
  expect(await autocheckpoint()).toBe(1000);
  expect(await hold.handle({ action: "release", id: ID })).toEqual({
    held: false,
    reason: "this hold is over, or was never taken",
  });
  await database.close();
});

test("a hold that is ended before the database closes does not confirm a copy", async () => {
  using folder = createTempDir();
  const { database, hold } = await setUp(folder.path);
  await hold.handle({ action: "take", id: ID });
  await hold.end();
  expect(await hold.handle({ action: "release", id: ID })).toMatchObject({ held: false });
  await database.close();
});

test("what has no file of its own cannot be held", async () => {
  await using database = await openDatabase({ place: ":memory:", schema: {} });
  const hold = new DatabaseHold({ database, clock: new FakeClock() });
  expect(await hold.handle({ action: "take", id: ID })).toEqual({
    held: false,
    reason: ":memory: is no file of this machine",
  });
});

test("only the three methods with an id are a request", () => {
  expect(readHoldRequest("POST", `?id=${ID}`)).toEqual({ action: "take", id: ID });
  expect(readHoldRequest("DELETE", `?id=${ID}`)).toEqual({ action: "release", id: ID });
  expect(readHoldRequest("GET", `?id=${ID}`)).toBeUndefined();
  expect(readHoldRequest("PUT", "?id=../x")).toBeUndefined();
  expect(readHoldRequest("PUT", "")).toBeUndefined();
});
