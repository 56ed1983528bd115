import { expect, test } from "bun:test";
import { create } from "@bufbuild/protobuf";
import { BusMessageSchema } from "#proto/bus_pb.ts";
import { RegionMessageSchema } from "#proto/region_pb.ts";
import { createRandom } from "#shared/sim/kernel/random.ts";
import { deriveRegionKeys, signMessage } from "./region-keys.ts";
import { batchTopicOf } from "./region-link.ts";
import { RegionScene, SCENE_KEYS, SCENE_WORLD } from "./testing/region-scene.ts";

const TOPIC = batchTopicOf(SCENE_WORLD);

test.each(["zstd", "gzip", "none"] as const)(
  "fault 1: with compression %s a block placed in one region appears in the other",
  async (compression) => {
    const scene = new RegionScene();
    const eu = scene.add("eu-west-1", { compression });
    const us = scene.add("us-east-1", { compression });
    eu.mirror.write({ x: 100, y: 50, layer: 1, value: 1 });
    await scene.run(1_000);
    expect(us.mirror.read(100, 50, 1)).toBe(1);
    expect(us.sync.received).toMatchObject({ batches: 1, cells: 1, refused: 0 });
    us.mirror.write({ x: 100, y: 50, layer: 1, value: undefined });
    await scene.run(1_000);
    expect(eu.mirror.read(100, 50, 1)).toBeUndefined();
  },
);

test("fault 2: two regions that write to one cell at the same instant agree", async () => {
  const scene = new RegionScene();
  const eu = scene.add("eu-west-1");
  const us = scene.add("us-east-1");
  eu.mirror.write({ x: 1, y: 1, value: 1 });
  us.mirror.write({ x: 1, y: 1, value: 2 });
  await scene.run(1_000);
  expect([eu.mirror.read(1, 1), us.mirror.read(1, 1)]).toEqual([2, 2]);
  expect(us.sync.received.conflicts).toBe(1);
  expect(eu.sync.received.conflicts).toBe(0);
});

test("changes go in batches by count, or when the first has waited for long enough", async () => {
  const scene = new RegionScene();
  const eu = scene.add("eu-west-1", { batchCount: 10, flushMs: 3_000 });
  scene.add("us-east-1");
  for (let x = 0; x < 25; x += 1) eu.mirror.write({ x, y: 0, value: x });
  await scene.run(100);
  expect(eu.sync.sender.figures).toMatchObject({ batches: 2, cells: 20 });
  await scene.run(3_000);
  expect(eu.sync.sender.figures).toMatchObject({ batches: 3, cells: 25 });
});

test("nothing is told, or taken off the bus, before it is in the database", async () => {
  const scene = new RegionScene();
  const eu = scene.add("eu-west-1");
  const us = scene.add("us-east-1");
  eu.commits = false;
  eu.mirror.write({ x: 1, y: 1, value: 1 });
  await scene.run(1_000);
  expect(scene.broker.held).toEqual([]);
  eu.commits = true;
  us.commits = false;
  await scene.run(1_000);
  expect(us.mirror.read(1, 1)).toBe(1);
  expect(us.sync.received.batches).toBe(0);
  us.commits = true;
  await scene.run(200);
  expect(us.sync.received.batches).toBe(1);
});

test("entities and chat go too", async () => {
  const scene = new RegionScene();
  const eu = scene.add("eu-west-1");
  const us = scene.add("us-east-1");
  eu.mirror.tell("entities", { id: "ann", bytes: new Uint8Array([1]) });
  eu.mirror.tell("chat", { id: "1", bytes: new Uint8Array([7]) });
  await scene.run(1_000);
  expect(us.mirror.entities.get("ann")).toEqual(new Uint8Array([1]));
  expect(us.mirror.chat.map(({ id }) => id)).toEqual(["1"]);
});

test("with a broker that repeats and reorders, regions that write at once converge", async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const random = createRandom(seed);
    const scene = new RegionScene(random);
    for (const region of ["eu-west-1", "us-east-1", "ap-south-1"]) scene.add(region);
    for (let turn = 0; turn < 40; turn += 1) {
      for (const { mirror } of scene.regions) {
        const value = random.below(9);
        mirror.write({ x: random.below(8), y: 0, value: value === 0 ? undefined : value });
      }
      await scene.run(50);
    }
    expect(await scene.converge(5_000)).toBeDefined();
    expect(scene.regions.map(({ sync }) => sync.received.refused)).toEqual([0, 0, 0]);
    expect(scene.regions.some(({ sync }) => sync.received.repeated > 0)).toBe(true);
  }
});

test("a region that was cut off has all of it within 10 s of the heal, both ways", async () => {
  const scene = new RegionScene();
  const eu = scene.add("eu-west-1");
  const us = scene.add("us-east-1");
  scene.broker.cut("us-east-1");
  for (let x = 0; x < 300; x += 1) {
    eu.mirror.write({ x, y: 0, value: 1 });
    us.mirror.write({ x, y: 1, value: 2 }, { x, y: 0, value: 3 });
    await scene.run(100);
  }
  expect(new Set(scene.hashes).size).toBe(2);
  scene.broker.cut("us-east-1", false);
  expect(await scene.converge(10_000)).toBeDefined();
  expect(eu.mirror.register.size).toBe(600);
});

test("what the stream has lost is found by comparing hashes", async () => {
  const scene = new RegionScene();
  const eu = scene.add("eu-west-1");
  const us = scene.add("us-east-1");
  for (let x = 0; x < 5_000; x += 1) eu.mirror.write({ x, y: x % 90, value: 1 });
  await scene.run(3_000);
  expect(await scene.converge(5_000)).toBeDefined();
  const { fetchedCells } = us.sync.ranges.figures;
  scene.broker.cut("us-east-1");
  eu.mirror.write({ x: 2_000, y: 7, value: 2 }, { x: 2, y: 7, value: 2 });
  await scene.run(2_000);
  scene.broker.flush();
  scene.broker.cut("us-east-1", false);
  expect(await scene.converge(10_000)).toBeDefined();
  expect(us.mirror.read(2_000, 7)).toBe(2);
  // Only what differs: two leaves of 4,096.
  expect(us.sync.ranges.figures.fetchedCells - fetchedCells).toBeLessThan(500);
});

test("a third region has the whole world without anything but its configuration", async () => {
  const scene = new RegionScene();
  const eu = scene.add("eu-west-1");
  scene.add("us-east-1");
  for (let x = 0; x < 30_000; x += 1) eu.mirror.write({ x: x % 700, y: x % 1_100, value: x });
  await scene.run(2_000);
  scene.broker.flush();
  const third = scene.add("ap-south-1");
  expect(await scene.converge(10_000)).toBeDefined();
  expect(third.mirror.register.size).toBe(eu.mirror.register.size);
  expect(third.sync.ranges.figures.fetchedCells).toBeGreaterThanOrEqual(eu.mirror.register.size);
});

test("what a region had not told when its process died is told by its next life", async () => {
  const scene = new RegionScene();
  const eu = scene.add("eu-west-1");
  const us = scene.add("us-east-1");
  await scene.run(1_000);
  scene.broker.cut("us-east-1");
  us.mirror.write({ x: 5, y: 5, value: 9 });
  await scene.run(1_000);
  scene.kill(us);
  scene.broker.cut("us-east-1", false);
  scene.add("us-east-1", { from: us });
  expect(await scene.converge(10_000)).toBeDefined();
  expect(eu.mirror.read(5, 5)).toBe(9);
});

test("more changes than may wait are found by hash, and counted", async () => {
  const scene = new RegionScene();
  const eu = scene.add("eu-west-1");
  const us = scene.add("us-east-1");
  scene.broker.cut("eu-west-1");
  for (let x = 0; x < 210_000; x += 1) eu.mirror.write({ x: x % 1_000, y: x / 1_000, value: 1 });
  await scene.run(1_000);
  expect(eu.sync.sender.changes.dropped.cells).toBe(210_000);
  expect(eu.said.join()).toContain("too many changes wait for the bus");
  scene.broker.cut("eu-west-1", false);
  expect(await scene.converge(20_000)).toBeDefined();
  expect(us.mirror.register.size).toBe(210_000);
});

function forged(region: string, keys = SCENE_KEYS, extra: { timeMs?: number } = {}) {
  const message = create(RegionMessageSchema, {
    ...{ region, world: SCENE_WORLD, incarnation: 1n },
    timeMs: BigInt(extra.timeMs ?? 1_800_000_000_000),
    content: { case: "batch", value: { sequence: 1, compression: 1, changes: new Uint8Array() } },
  });
  return create(BusMessageSchema, {
    payload: { case: "region", value: signMessage(message, keys) },
  });
}

test("security 8: batches forged, of unknown regions or too old are refused", async () => {
  const scene = new RegionScene();
  const eu = scene.add("eu-west-1");
  const wrong = deriveRegionKeys("a guess", ["us-east-1", "mars-1"]);
  scene.broker.inject(TOPIC, forged("us-east-1", wrong));
  scene.broker.inject(TOPIC, forged("mars-1", wrong));
  const timeMs = 1_800_000_000_000 - 30 * 3_600_000;
  scene.broker.inject(TOPIC, forged("us-east-1", SCENE_KEYS, { timeMs }));
  scene.broker.inject(TOPIC, create(BusMessageSchema, { id: "nothing of ours" }));
  await scene.run(200);
  expect(eu.sync.received).toMatchObject({ refused: 3, batches: 0 });
  const said = eu.said.join("\n");
  expect(said).toContain('message of region "us-east-1": its signature is wrong');
  expect(said).toContain('region "mars-1": it is unknown here; add its file to regions/');
  expect(said).toContain("it is 30 h old and the stream is kept for 24 h");
});

test("many made-up regions are said once", async () => {
  const scene = new RegionScene();
  const eu = scene.add("eu-west-1");
  for (let at = 0; at < 50; at += 1) {
    const name = `x${String.fromCharCode(97 + (at % 26)).repeat(1 + at)}`.slice(0, 30);
    scene.broker.inject(TOPIC, forged(name, deriveRegionKeys("a guess", [name])));
  }
  await scene.run(500);
  expect(eu.sync.received.refused).toBe(50);
  expect(eu.said.filter((line) => line.includes("it is unknown here")).length).toBe(1);
});

test("a batch that is put on the bus again changes nothing", async () => {
  const scene = new RegionScene();
  const eu = scene.add("eu-west-1");
  const us = scene.add("us-east-1");
  eu.mirror.write({ x: 1, y: 1, value: 1 });
  await scene.run(500);
  const [batch] = scene.broker.held;
  us.mirror.write({ x: 1, y: 1, value: 2 });
  await scene.run(500);
  if (batch !== undefined) scene.broker.inject(TOPIC, batch);
  await scene.run(500);
  expect(us.sync.received).toMatchObject({ batches: 1, repeated: 1 });
  expect([eu.mirror.read(1, 1), us.mirror.read(1, 1)]).toEqual([2, 2]);
});

test("two processes that serve one region are told so", async () => {
  const scene = new RegionScene();
  const one = scene.add("eu-west-1", { owner: "one" });
  await scene.run(50);
  const other = scene.add("eu-west-1", { owner: "other" });
  await scene.run(2_000);
  for (const { said, sync } of [one, other]) {
    expect(said.join()).toContain("two processes serve blocks:1 as region eu-west-1");
    expect(sync.peers.isTwice(scene.time.monotonicMs())).toBe(true);
  }
  scene.broker.cut("other");
  await scene.run(6_000);
  expect(one.sync.peers.isTwice(scene.time.monotonicMs())).toBe(false);
});

test("a region whose clock is an hour ahead is refused, and heals with its clock", async () => {
  const scene = new RegionScene();
  const eu = scene.add("eu-west-1");
  const us = scene.add("us-east-1");
  await scene.run(2_000);
  us.clock.wrongMs = 3_600_000;
  us.mirror.write({ x: 1, y: 1, value: 2 });
  await scene.run(3_000);
  expect(eu.mirror.read(1, 1)).toBeUndefined();
  expect(eu.sync.received.refusedAhead).toBeGreaterThan(0);
  expect(eu.said.join()).toContain("their stamps are 3600 s ahead of the clock here");
  expect(us.said.join()).toContain("the clock of region eu-west-1 is 3600 s behind the one here");
  eu.mirror.write({ x: 2, y: 2, value: 5 });
  await scene.run(1_000);
  expect(us.mirror.read(2, 2)).toBe(5);
  us.clock.wrongMs = 0;
  expect(await scene.converge(10_000)).toBeDefined();
  await scene.run(2_000);
  expect(eu.said.join()).toContain("the clock of region us-east-1 and the one here agree again");
  expect(eu.mirror.read(1, 1)).toBe(2);
  // Who writes after that wins over it, on both sides.
  eu.mirror.write({ x: 1, y: 1, value: 7 });
  await scene.run(1_000);
  expect([eu.mirror.read(1, 1), us.mirror.read(1, 1)]).toEqual([7, 7]);
});

test("a region whose clock falls back by an hour goes on, and what it saw never wins", async () => {
  const scene = new RegionScene();
  const eu = scene.add("eu-west-1");
  const us = scene.add("us-east-1");
  eu.mirror.write({ x: 1, y: 1, value: 1 });
  await scene.run(1_000);
  us.clock.wrongMs = -3_600_000;
  us.mirror.write({ x: 1, y: 1, value: 2 });
  await scene.run(1_000);
  expect([eu.mirror.read(1, 1), us.mirror.read(1, 1)]).toEqual([2, 2]);
  eu.mirror.write({ x: 1, y: 1, value: 3 });
  await scene.run(1_000);
  expect([eu.mirror.read(1, 1), us.mirror.read(1, 1)]).toEqual([3, 3]);
  expect(us.sync.received.refusedAhead).toBe(0);
});

test("tombstones are forgotten once they are old and every region has them", async () => {
  const scene = new RegionScene();
  const retentionMs = 60_000;
  const eu = scene.add("eu-west-1", { retentionMs });
  const us = scene.add("us-east-1", { retentionMs });
  eu.mirror.write({ x: 1, y: 1, value: 1 });
  await scene.run(500);
  us.mirror.write({ x: 1, y: 1, value: undefined });
  await scene.run(130_000);
  expect(eu.mirror.register.goneCount).toBe(1);
  scene.add("ap-south-1", { retentionMs });
  await scene.run(130_000);
  expect(scene.regions.map(({ mirror }) => mirror.register.size)).toEqual([0, 0, 0]);
});
