// The shard as its own process: what it says and how it leaves when it cannot start.
import { describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ShardKey } from "#shared/model/ids.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { serveLeases } from "./testing/paper-authority.ts";
import { ShardProcess } from "./testing/shard-process.ts";

const ARENA = ["--region", "eu-west-1", "--world", "arena"];

/** Runs `bun run shard` to its end. */
async function runShard(flags: readonly string[], environment: Record<string, string>) {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "main.ts"), ...flags], {
    // A server that is not there: these shards end before they need it.
    env: { PATH: process.env.PATH, TESSERA_SERVER_URL: "http://127.0.0.1:9", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, errors] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, output: output + errors };
}

describe("a shard that is started wrongly leaves with 78 and says what is allowed", () => {
  const production = {
    NODE_ENV: "production",
    TESSERA_CLUSTER_SECRET: "Rk3v9xTq7LmZ2wBn5cYh8dJf4gSp6aUe",
  };
  const cases: [string, readonly string[], Record<string, string>, string][] = [
    ["no flags", [], {}, "usage: bun run shard --region eu-west-1 --world arena"],
    ["an unknown flag", [...ARENA, "--instnce", "1"], {}, "--instnce"],
    [
      "an unknown world",
      ["--region", "eu-west-1", "--world", "chess"],
      {},
      "there is no world chess; known is arena",
    ],
    [
      "an unknown region",
      ["--region", "mars-1", "--world", "arena"],
      {},
      "there is no region mars-1; known is eu-west-1",
    ],
    ["a tick rate out of range", ARENA, { TESSERA_TICK_RATE: "90" }, 'TESSERA_TICK_RATE="90"'],
    ["a misspelt setting", ARENA, { TESSERA_TICKRATE: "30" }, "did you mean TESSERA_TICK_RATE?"],
    [
      "a standby without a replica",
      [...ARENA, "--standby"],
      {},
      "TESSERA_STANDBY_URL is not set; set it to a replica of the shard's database",
    ],
    ["no secret in production", ARENA, { NODE_ENV: "production" }, "TESSERA_CLUSTER_SECRET"],
    [
      "a weak secret in production",
      ARENA,
      { ...production, TESSERA_CLUSTER_SECRET: "secret" },
      "TESSERA_CLUSTER_SECRET",
    ],
  ];
  test.each(cases)("%s", async (_, flags, environment, text) => {
    await using folder = createTempDir();
    const { code, output } = await runShard(flags, { TESSERA_DATA: folder.path, ...environment });
    expect(output).toContain(text);
    expect(code).toBe(78);
  });

  test("a taken port in production", async () => {
    await using folder = createTempDir();
    const holder = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
    await using server = serveLeases();
    const { code, output } = await runShard(ARENA, {
      ...production,
      TESSERA_DATA: folder.path,
      TESSERA_SERVER_URL: server.url,
      TESSERA_SHARD_PORT: String(holder.port),
    });
    await holder.stop(true);
    expect(output).toContain("the port is taken");
    expect(output).toContain("TESSERA_SHARD_PORT");
    expect(code).toBe(78);
  });
});

test("--help says how, and nothing is started", async () => {
  const { code, output } = await runShard(["--instances", "2", "--help"], {});
  expect(output).toStartWith("usage: bun run shard --region eu-west-1 --world arena");
  expect(code).toBe(0);
});

test("a damaged database is refused with its path and the way out, and not touched", async () => {
  await using folder = createTempDir();
  const path = join(folder.path, "shards", "arena-1-eu-west-1.db");
  const bytes = new TextEncoder().encode("this was a database once ".repeat(400));
  mkdirSync(join(folder.path, "shards"));
  writeFileSync(path, bytes);
  const { code, output } = await runShard(ARENA, {
    TESSERA_DATA: folder.path,
    TESSERA_SHARD_PORT: "0",
  });
  expect(output).toContain(`cannot open database ${path}: it is damaged`);
  expect(output).toContain("Put a backup in its place");
  expect(code).toBe(1);
  expect(new Uint8Array(await Bun.file(path).arrayBuffer())).toEqual(bytes);
});

test("a shard that another process was granted leaves with 75 and names who", async () => {
  await using folder = createTempDir();
  await using server = serveLeases();
  await using shard = new ShardProcess([], {
    TESSERA_DATA: folder.path,
    TESSERA_SERVER_URL: server.url,
  });
  await shard.says("shard is serving");
  const shardKey = ShardKey.parse("arena:1:eu-west-1");
  const other = { shardKey, holder: crypto.randomUUID(), address: "ws://elsewhere/game" };
  const database = {
    databaseId: crypto.randomUUID(),
    databaseFile: "elsewhere",
    epoch: 1,
    tick: 0,
  };
  await server.authority.acquire({ ...other, ...database, takeOver: true });
  expect(await shard.ended()).toBe(75);
  expect(shard.output).toContain("shard stopped: another process owns it");
  expect(shard.output).toContain(`process ${other.holder} holds it under epoch 2`);
});
