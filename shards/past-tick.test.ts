import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { GameClient } from "./testing/game-client.ts";
import { ShardFixture } from "./testing/shard-fixture.ts";

const ARENA = ["--region", "eu-west-1", "--world", "arena"];

/** A shard over the file at which the command looks. */
async function startShard(data: string): Promise<ShardFixture> {
  const databasePath = join(data, "shards", "arena-1-eu-west-1.db");
  return await ShardFixture.start({ databasePath });
}

/** Runs `bun run shard` with these flags to its end. */
async function show(data: string, ...flags: string[]) {
  const child = Bun.spawn(
    [process.execPath, join(import.meta.dir, "main.ts"), ...ARENA, ...flags],
    {
      env: { PATH: process.env.PATH, TESSERA_DATA: data },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const [output, errors] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, output, errors };
}

test("a past tick is shown while the shard runs, which is not disturbed", async () => {
  await using folder = createTempDir();
  await using shard = await startShard(folder.path);
  using ann = await GameClient.join(shard.address, { ticket: await shard.ticket("ann") });
  const { tick } = await ann.acknowledged(ann.move(1, 0));
  const before = await show(folder.path, "--at-tick", "1", "--read-only");
  expect(before.output).toMatch(/^shard {7}arena:1:eu-west-1\n/);
  expect(before.output).toContain("population  0\n");
  expect(before.output).toContain(`in use      by process ${process.pid}, which goes on`);
  const { output, code } = await show(
    folder.path,
    ...["--at-tick", String(tick), "--read-only", "--json"],
  );
  expect(code).toBe(0);
  expect(JSON.parse(output)).toMatchObject({
    shard: "arena:1:eu-west-1",
    tick,
    population: 1,
    players: [{ playerId: "ann", name: "ann", score: 0 }],
  });
  await ann.acknowledged(ann.move(0, 1));
  expect(shard.failures).toEqual([]);
});

test("not a byte of the database is changed, and nothing is left beside it", async () => {
  await using folder = createTempDir();
  const shard = await startShard(folder.path);
  using ann = await GameClient.join(shard.address, { ticket: await shard.ticket("ann") });
  await ann.acknowledged(ann.move(1, 0));
  await shard[Symbol.asyncDispose]();
  const path = join(folder.path, "shards", "arena-1-eu-west-1.db");
  const bytes = await Bun.file(path).bytes();
  const names = readdirSync(join(folder.path, "shards"));
  const shown = await show(folder.path, "--at-tick", "3", "--read-only");
  expect(shown).toMatchObject({ code: 0, errors: "" });
  expect(shown.output).not.toContain("in use");
  expect(await Bun.file(path).bytes()).toEqual(bytes);
  expect(readdirSync(join(folder.path, "shards"))).toEqual(names);
});

describe("is refused", () => {
  test("a tick that is not held: the range is named", async () => {
    await using folder = createTempDir();
    await using _shard = await startShard(folder.path);
    const { code, errors } = await show(folder.path, "--at-tick", "4000000", "--read-only");
    expect(errors).toMatch(/cannot open tick 4000000: the database holds ticks 0 to \d+/);
    expect(code).toBe(78);
  });

  test.each([
    [["--at-tick", "5"], "--at-tick and --read-only go together: a past tick can be looked at"],
    [["--at-tick", "-5", "--read-only"], "--at-tick must be a whole number from 0 to 4294967295"],
    [["--at-tick", "soon", "--read-only"], "--at-tick must be a whole number from 0 to"],
    [["--read-only"], "--at-tick and --read-only go together"],
    [["--json"], "--json is for --at-tick"],
    [["--at-tick", "5", "--read-only"], "there is no database "],
  ])("%p", async (flags, text) => {
    await using folder = createTempDir();
    const { code, errors } = await show(folder.path, ...flags);
    expect(errors).toContain(text);
    expect(code).toBe(78);
  });
});
