// Backup and restore of shards, beside a real server and real shards.
import { describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { shardDatabasePath } from "#shared/infra/db/data-folder.ts";
import { openDatabase } from "#shared/infra/db/database.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { until } from "#shared/testing/until.ts";
import { spawnServer } from "../../server/testing/server-process.ts";
import { ShardProcess } from "../../shards/testing/shard-process.ts";
import { readManifest } from "./manifest.ts";
import { runCommandLine } from "./testing/run-command.ts";

const KEY = "arena:1:eu-west-1";
const NAME = "arena-1-eu-west-1";

/** A server with a shard, on a data folder that goes with them. */
async function startHouse() {
  const folder = createTempDir();
  const data = join(folder.path, "data");
  const to = join(folder.path, "backups");
  mkdirSync(data);
  let server = spawnServer({ TESSERA_DATA: data });
  const serverUrl = await server.ready;
  const shards: ShardProcess[] = [];
  const start = (...flags: string[]) => {
    const settings = { TESSERA_DATA: data, TESSERA_SERVER_URL: serverUrl };
    const shard = new ShardProcess(flags, settings);
    shards.push(shard);
    return shard;
  };
  return {
    data,
    serverUrl,
    database: shardDatabasePath(data, KEY),
    start,
    async shard(...flags: string[]) {
      const shard = start(...flags);
      await shard.says("shard is serving");
      return shard;
    },
    async stopServer() {
      server.kill("SIGTERM");
      await server.end();
    },
    /** Starts it again at its address. */
    async startServer() {
      server = spawnServer({ TESSERA_DATA: data, TESSERA_PORT: new URL(serverUrl).port });
      await server.ready;
    },
    /** Makes a backup; its folder is `backup` then. */
    async backUp(...words: string[]) {
      rmSync(to, { recursive: true, force: true });
      return await runCommandLine("backup", ["--to", to, ...words], { TESSERA_DATA: data });
    },
    get backup(): string {
      return join(to, readdirSync(to)[0] ?? "none");
    },
    restore: (...words: string[]) => runCommandLine("restore", words, { TESSERA_DATA: data }),
    async [Symbol.asyncDispose]() {
      await Promise.all(shards.map((shard) => shard[Symbol.asyncDispose]()));
      await server[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

function shardOf(shard: ShardProcess): string {
  const address = shard.addresses(KEY).at(-1) ?? "";
  return new URL(address.replace(/^ws/, "http")).origin;
}

async function readTick(url: string): Promise<number> {
  const response = await fetch(new URL("/health", url));
  const health: { tick: number } = await response.json();
  return health.tick;
}

async function readFact(place: string, name: string): Promise<unknown> {
  await using database = await openDatabase({ place, schema: {} });
  const sql = "SELECT value FROM shard_facts WHERE name = ?";
  return (await database.client.execute({ sql, args: [name] })).rows[0]?.[0];
}

describe("a running shard", () => {
  test("is found through the server, copied and checked while it goes on", async () => {
    await using house = await startHouse();
    const url = shardOf(await house.shard());
    await until("some ticks", async () => (await readTick(url)) > 10);
    const before = await readTick(url);
    const { stdout, code } = await house.backUp("--server-url", house.serverUrl);
    expect(stdout).toMatch(new RegExp(`${NAME}: .* tick \\d+, ${url}, `));
    expect(stdout).toContain("backup of 2 databases, each checked");
    expect(code).toBe(0);
    const [, entry] = readManifest(house.backup)?.databases ?? [];
    expect(entry).toMatchObject({ kind: "shard", name: NAME, warnings: [] });
    expect(entry?.shard).toMatchObject({ shardKey: KEY, world: "arena" });
    expect(entry?.shard?.tick).toBeGreaterThan(before - 10);
    await until("more ticks", async () => (await readTick(url)) > before + 30);
  }, 60_000);

  test("is found by its address where the server does not tell", async () => {
    await using house = await startHouse();
    const url = shardOf(await house.shard());
    const nowhere = ["--server-url", "http://127.0.0.1:9"];
    const unknown = await house.backUp(...nowhere);
    expect(unknown.stdout).toContain("name it with --shard http://HOST:PORT, or the server with");
    const { stdout } = await house.backUp(...nowhere, "--shard", url);
    expect(stdout).toMatch(new RegExp(`${NAME}: .* tick \\d+, ${url}, `));
    expect(stdout).toContain("1 MISSING (control)");
  }, 60_000);
});

test("a restored shard goes on from the backup, as a database of its own", async () => {
  await using house = await startHouse();
  const shard = await house.shard();
  const url = shardOf(shard);
  await until("some ticks", async () => (await readTick(url)) > 10);
  expect((await house.backUp("--server-url", house.serverUrl)).code).toBe(0);
  const file = join(house.backup, "shards", `${NAME}.db`);
  const inUse = await house.restore(file, "--undo");
  expect(inUse.stderr).toContain("a process has the database in place open; stop the shard and");
  shard.child.kill("SIGTERM");
  await shard.ended();

  const id = await readFact(house.database, "database_id");
  const refused = await house.restore(file);
  expect(refused.stderr).toMatch(/its ticks from \d+ to \d+ would be undone\. If that is what you/);
  const { stdout, code } = await house.restore(file, "--undo");
  const tick = Number(new RegExp(`${NAME} is restored to tick (\\d+)`).exec(stdout)?.[1]);
  expect(stdout).toContain("start its shard once with --take-over");
  expect(code).toBe(0);
  expect(await readFact(house.database, "database_id")).not.toBe(id);

  const refusedLease = house.start();
  await refusedLease.says("with --take-over to go on with this one in its place");
  refusedLease.child.kill("SIGTERM");
  await refusedLease.ended();
  const again = await house.shard("--take-over");
  expect(again.output).toMatch(new RegExp(`world restored .*tick=${tick} `));
}, 60_000);

test("the server's database goes back beside a shard, which stays its owner", async () => {
  await using house = await startHouse();
  // In this backup there is no lease.
  expect((await house.backUp("--server-url", house.serverUrl)).code).toBe(0);
  const shard = await house.shard();
  await house.stopServer();
  const { stdout, code } = await house.restore(house.backup, "--undo");
  expect(stdout).toContain("restore | control is restored: ");
  expect(code).toBe(0);
  await shard.says("cannot renew the lease; the shard goes on");
  await house.startServer();
  await shard.says("the lease is renewed again");
  expect(await shard.health()).toMatchObject({ status: "serving", epoch: 1 });
}, 60_000);

test("a shard database in which a tick is missing is no backup", async () => {
  await using house = await startHouse();
  const shard = await house.shard();
  const url = shardOf(shard);
  await until("some ticks", async () => (await readTick(url)) > 10);
  shard.child.kill("SIGTERM");
  await shard.ended();
  {
    await using database = await openDatabase({ place: house.database, schema: {} });
    await database.client.execute("UPDATE progress SET checksum = 1");
  }
  const { stdout, code } = await house.backUp("--server-url", house.serverUrl);
  expect(stdout).toContain(`${NAME} is missing: cannot back up ${house.database}: its copy is n`);
  expect(stdout).toContain("what is told of it); keep the backups that there are");
  expect(code).toBe(1);
  expect(readdirSync(join(house.backup, "shards"))).toEqual([]);
}, 60_000);
