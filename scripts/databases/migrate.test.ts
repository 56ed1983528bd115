// `bun run migrate` as people run it.
import { expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shardDatabasePath } from "#shared/infra/db/data-folder.ts";
import { openDatabase } from "#shared/infra/db/database.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { spawnServer } from "../../server/testing/server-process.ts";
import { addPlayers } from "./testing/control-database.ts";
import { runCommandLine } from "./testing/run-command.ts";

function createData() {
  const folder = createTempDir();
  const data = join(folder.path, "data");
  mkdirSync(join(data, "shards"), { recursive: true });
  return {
    data,
    migrate: (...words: string[]) => runCommandLine("migrate", words, { TESSERA_DATA: data }),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

test("a dry run tells what is missing and changes nothing; then it is done", async () => {
  using world = createData();
  const shard = shardDatabasePath(world.data, "arena:1:eu-west-1");
  await addPlayers(world.data, []);
  writeFileSync(shard, "");
  const dry = await world.migrate("--dry-run");
  expect(dry.stdout).toStartWith(
    "migrate | control: is up to date\nmigrate | arena-1-eu-west-1: lacks 0000_start",
  );
  expect(dry.code).toBe(0);
  expect(readFileSync(shard, "utf8")).toBe("");
  expect(readdirSync(join(world.data, "shards"))).toEqual(["arena-1-eu-west-1.db"]);

  expect((await world.migrate()).stdout).toContain("arena-1-eu-west-1: migrated by 0000_start");
  expect((await world.migrate()).stdout).toContain("arena-1-eu-west-1: is up to date");
});

test("what is in use, newer or another program's is refused and the rest is done", async () => {
  using world = createData();
  await using server = spawnServer({ TESSERA_DATA: world.data });
  await server.ready;
  const change = async (key: string, sql: string) => {
    const place = shardDatabasePath(world.data, key);
    await using database = await openDatabase({ place, schema: {} });
    await database.client.executeMultiple(sql);
  };
  await change("arena:1:eu-west-1", "CREATE TABLE recipes (id INTEGER)");
  await change(
    "arena:2:eu-west-1",
    "CREATE TABLE __drizzle_migrations (hash, created_at); " +
      "INSERT INTO __drizzle_migrations VALUES ('later', 9e15)",
  );
  writeFileSync(shardDatabasePath(world.data, "arena:3:eu-west-1"), "");
  for (const words of [["--dry-run"], []]) {
    const { stdout, code } = await world.migrate(...words);
    expect(stdout).toMatch(/control: cannot \w+ .*(process \d+ has it open|another process is us)/);
    expect(stdout).toContain('it was made by something else (it has a table "recipes")');
    expect(stdout).toContain("it was changed by another version of Tessera");
    expect(stdout).toMatch(/arena-3-eu-west-1: (lacks|migrated by) 0000_start/);
    expect(code).toBe(1);
  }
}, 30_000);

test("a folder without databases is none to complain about", async () => {
  using world = createData();
  const { stdout, code } = await world.migrate();
  expect(stdout).toContain("holds no database; the first start makes them");
  expect(code).toBe(0);
});
