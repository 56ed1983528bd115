// Worlds of blocks as shards have them, with their loops and journals, in two regions.
import { expect, test } from "bun:test";
import { Block, CopyArea, Item } from "#shared/sim/index.ts";
import { SnapshotEncoder } from "../../persistence/snapshot-encoder.ts";
import { blocksFactory } from "../../world/blocks/blocks-shard-world.ts";
import { MemoryBroker } from "./testing/memory-broker.ts";
import { MIRRORED_OPTIONS, MirroredShard, runTogether } from "./testing/mirrored-shard.ts";

/** Near the players, with nothing in it. */
const ROOF = { x: 1025, y: 1025, layer: 2 };
const CELL = 64 * 128 + 64;
const ROOF_INDEX = (2 << 8) | (1 << 4) | 1;

test("what a player builds in one region stands in the other too", async () => {
  const broker = new MemoryBroker();
  await using eu = new MirroredShard(broker, "eu-west-1");
  await using us = new MirroredShard(broker, "us-east-1");
  eu.blocks.enter(1, { slots: [Block.Planks, 5, Item.Pickaxe, 1] });
  us.blocks.enter(2);
  await runTogether([eu, us], 200);
  eu.blocks.act(1, { case: "buildPlace", value: { place: ROOF, slot: 0 } }, 1);
  await runTogether([eu, us], 900);
  const seen = () => us.blocks.onlooker(2).view.chunks.get(CELL)?.ids[ROOF_INDEX];
  expect(seen()).toBe(Block.Planks);
  eu.blocks.act(1, { case: "buildBreak", value: { place: ROOF } }, 2);
  await runTogether([eu, us], 900);
  expect(seen()).toBe(Block.Air);
  expect(eu.world.land?.register.hash()).toBe(us.world.land?.register.hash() ?? "");
  expect(await us.metrics()).toMatch(/tessera_region_remote_changes_total\S* [1-9]/);
});

test("what came from another region is in the journal, and in snapshots", async () => {
  const broker = new MemoryBroker();
  await using eu = new MirroredShard(broker, "eu-west-1");
  await using us = new MirroredShard(broker, "us-east-1");
  eu.blocks.enter(1, { slots: [Block.Planks, 5] });
  await runTogether([eu, us], 200);
  eu.blocks.act(1, { case: "buildPlace", value: { place: ROOF, slot: 0 } }, 1);
  await runTogether([eu, us], 500);
  const area = new CopyArea((bytes) => new SharedArrayBuffer(bytes));
  const copy = us.world.copySnapshot(area);
  const encoded = await new SnapshotEncoder(async () => undefined).encode(
    copy,
    new Uint8Array(area.buffer),
  );
  const bytes = us.world.snapshot();
  expect(blocksFactory.restore(encoded, MIRRORED_OPTIONS).hash()).toBe(us.world.hash());
  const restored = blocksFactory.restore(bytes, MIRRORED_OPTIONS);
  expect(restored.land?.register.size).toBeGreaterThan(0);
  const { tick } = us.world;
  eu.blocks.act(1, { case: "buildBreak", value: { place: ROOF } }, 2);
  await runTogether([eu, us], 500);
  for (const record of us.blocks.bench.records) {
    if (record.tick > tick) restored.replay(record.inputs);
  }
  expect(restored.hash()).toBe(us.world.hash());
  const again = blocksFactory.create(MIRRORED_OPTIONS);
  for (const { inputs } of us.blocks.bench.records) again.replay(inputs);
  expect(again.hash()).toBe(us.world.hash());
});
