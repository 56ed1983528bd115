import { expect, test } from "bun:test";
import { remoteFaultOf } from "#shared/infra/db/remote-fault.ts";
import { dump, PaperShard } from "../testing/paper-shard.ts";
import { readChanges, writeChanges } from "./changes.ts";
import { fillCopy } from "./fill.ts";
import { type Head, readHead } from "./head.ts";
import type { SqlClient } from "./sql.ts";

/** A copy that has all of `shard`, as it is now. */
async function copyOf(shard: PaperShard): Promise<{ copy: PaperShard; head: Head }> {
  const copy = await PaperShard.create({ id: "" });
  const options = { source: shard.client, target: copy.client, generation: "g", goOn: () => true };
  await fillCopy({ ...options, head: await readHead(copy.client), anew: true });
  return { copy, head: await readHead(copy.client) };
}

async function write(target: SqlClient, shard: PaperShard, head: Head): Promise<void> {
  const { progress, facts } = head;
  if (progress === undefined) throw new Error("cannot write: the copy is empty");
  await writeChanges(target, await readChanges(shard.client, progress.tick), { progress, facts });
}

test("a request that arrives late, when others have been there, changes nothing", async () => {
  await using shard = await PaperShard.create({ id: "a" });
  await shard.run(10);
  const { copy, head } = await copyOf(shard);
  await using _ = copy;
  await write(copy.client, shard, head);
  await shard.run(5);
  await write(copy.client, shard, await readHead(copy.client));
  const before = await dump(copy.client);
  const late = await write(copy.client, shard, head).then(
    () => undefined,
    (error: unknown) => remoteFaultOf(error).kind,
  );
  expect(late).toBe("changed");
  expect(await dump(copy.client)).toEqual(before);
});

test("a stretch ends at its bound of ticks and of bytes, and always has one tick", async () => {
  await using shard = await PaperShard.create({ id: "a" });
  await shard.run(300);
  const ticks = async (after: number) =>
    (await readChanges(shard.client, after)).journal.rows.length;
  expect(await ticks(0)).toBe(128);
  expect(await ticks(290)).toBe(10);
  await shard.client.batch(
    [{ sql: "UPDATE journal SET inputs = zeroblob(700000)", args: [] }],
    "write",
  );
  expect(await ticks(0)).toBe(2);
  await shard.client.batch(
    [{ sql: "UPDATE journal SET inputs = zeroblob(3000000)", args: [] }],
    "write",
  );
  expect(await ticks(0)).toBe(1);
});

test("of each player's answers the latest 64 are copied and kept", async () => {
  await using shard = await PaperShard.create({ id: "a" });
  const { copy } = await copyOf(shard);
  await using _ = copy;
  for (let round = 0; round < 20; round += 1) {
    await shard.run(100);
    await write(copy.client, shard, await readHead(copy.client));
  }
  const [counts] = await copy.client.batch(
    ["SELECT player_id, count(*) FROM answers GROUP BY player_id"],
    "read",
  );
  expect(counts?.rows.map((row) => Number(row[1]))).toEqual(Array(20).fill(64));
});
