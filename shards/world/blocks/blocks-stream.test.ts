import { describe, expect, test } from "bun:test";
import { RejectionReason } from "#proto/frame_pb.ts";
import { Block, Item } from "#shared/sim/index.ts";
import { BlocksWorkbench } from "../../testing/blocks-workbench.ts";
import { blocksFactory } from "./blocks-shard-world.ts";

/** Where players stand: block (1024, 1024), in chunk (64, 64). */
const CELL = 64 * 128 + 64;

function setUp() {
  const bench = new BlocksWorkbench();
  const ann = bench.enter(1, { slots: [Block.Planks, 5, Item.Pickaxe, 1] });
  const bob = bench.enter(2, { x: 102_650 });
  bench.tick(4);
  return { bench, ann, bob };
}

/** A place near both at which nothing stands in the ceiling. */
const ROOF = { x: 1025, y: 1025, layer: 2 };
const ROOF_INDEX = (2 << 8) | (1 << 4) | 1;

describe("what clients know", () => {
  test("a client that starts to watch gets all three layers of each chunk at once", () => {
    // Fault 10: chunks arrived without CEILING, with 40–60 ms of sleep each.
    const { bench } = setUp();
    const first = bench.bench.frames.find(({ connection }) => connection === 1);
    const { chunks } = bench.onlooker(1).view;
    const cells = first?.content.cells ?? [];
    expect(cells.length).toBe(chunks.size);
    expect(cells.every(({ blocksChunk }) => blocksChunk?.layers.length === 3)).toBe(true);
    const ceilings = [...chunks.values()].flatMap(({ ids }) => [...ids.subarray(512)]);
    expect(ceilings.some((id) => id !== Block.Air)).toBe(true);
  });

  test("two players see each other, and only what is near them", () => {
    const { bench, ann, bob } = setUp();
    const far = bench.enter(3, { x: 20_050, y: 20_050 });
    bench.tick(4);
    const { entities, chunks } = bench.onlooker(1).view;
    expect(entities.get(bob)).toMatchObject({ name: "player-2", cell: CELL, x: 102_650 });
    expect(entities.has(far)).toBe(false);
    expect(chunks.has(12 * 128 + 12)).toBe(false);
    expect(bench.onlooker(3).view.entities.has(ann)).toBe(false);
  });

  test("one who walks is told of when it starts and stops, and foretold in between", () => {
    const { bench, bob } = setUp();
    const record = () =>
      bench.onlooker(1).view.entities.get(bob) ?? { vx: 0, vy: 0, x: 0, tick: 0 };
    // Wherever there is room to walk.
    const free = [1, -1].find((dx) => {
      bench.move(2, dx, 0);
      bench.tick(4);
      return record().vx !== 0;
    });
    expect(record().vx).toBe((free ?? 0) * 25 * 64);
    const { tick } = record();
    bench.tick(2);
    expect(record().tick).toBe(tick);
    bench.move(2, 0, 0);
    bench.tick(4);
    expect(record()).toMatchObject({ vx: 0, vy: 0 });
  });

  test("a block that one builds is seen by the other, with the inventory exact", () => {
    const { bench } = setUp();
    bench.act(1, { case: "buildPlace", value: { place: ROOF, slot: 0 } }, 1);
    bench.tick(4);
    expect(bench.bench.resultsTo(1)).toMatchObject([{ id: 1, reason: 0 }]);
    for (const connection of [1, 2]) {
      expect(bench.onlooker(connection).view.chunks.get(CELL)?.ids[ROOF_INDEX]).toBe(Block.Planks);
    }
    expect(bench.onlooker(1).slots).toEqual([Block.Planks, 4, Item.Pickaxe, 1]);
    bench.act(1, { case: "buildBreak", value: { place: ROOF } }, 2);
    bench.tick(4);
    const { view } = bench.onlooker(2);
    expect(view.chunks.get(CELL)?.ids[ROOF_INDEX]).toBe(Block.Air);
    const lying = [...view.entities.values()].filter(({ item }) => item === Block.Planks);
    expect(lying).toMatchObject([{ count: 1, x: 102_550, y: 102_550 }]);
    bench.act(1, { case: "pickup", value: { entity: lying[0]?.id ?? 0 } }, 3);
    bench.tick(4);
    expect(bench.onlooker(1).slots).toEqual([Block.Planks, 5, Item.Pickaxe, 1]);
    expect(bench.onlooker(2).view.entities.has(lying[0]?.id ?? 0)).toBe(false);
  });

  test("each chunk is proved by its hash once in half a minute, and always right", () => {
    const { bench } = setUp();
    for (let round = 0; round < 160; round++) {
      bench.move(1, (round % 3) - 1, ((round >> 2) % 3) - 1);
      if (round % 5 === 0) {
        bench.act(2, { case: "emote", value: { emote: 1 } });
      }
      bench.tick(5);
      bench.onlooker(1);
      bench.onlooker(2);
    }
    for (const connection of [1, 2]) {
      const { checks, mismatches } = bench.onlooker(connection).view;
      expect(checks).toBeGreaterThan(10);
      expect(mismatches).toBe(0);
    }
  });

  test("a client that differs asks, and gets the chunk anew", () => {
    const { bench } = setUp();
    const { view } = bench.onlooker(1);
    const chunk = view.chunks.get(CELL);
    chunk?.ids.fill(Block.Brick);
    bench.bench.put({ kind: "resync", connection: 1, cells: [CELL] });
    bench.tick(4);
    expect(bench.onlooker(1).view.chunks.get(CELL)?.ids[0]).not.toBe(Block.Brick);
    const told = bench.bench.frames.at(-1);
    expect(told).toBeDefined();
    // Not twice in a second, since all who watch it get it.
    const keyframes = () =>
      bench.bench.frames.flatMap(({ content }) => content.cells.filter((one) => one.keyframe));
    bench.bench.frames.length = 0;
    bench.onlooker(1).taken = 0;
    bench.bench.put({ kind: "resync", connection: 1, cells: [CELL] });
    bench.tick(4);
    expect(keyframes()).toEqual([]);
    bench.tick(20);
    // What is not watched is none of its business.
    bench.bench.frames.length = 0;
    bench.onlooker(1).taken = 0;
    bench.bench.put({ kind: "resync", connection: 1, cells: [0] });
    bench.tick(4);
    expect(keyframes()).toEqual([]);
  });
});

describe("while the disk is slow", () => {
  test("no block, item or inventory is shown before it is in the database", () => {
    const { bench } = setUp();
    const before = bench.onlooker(1).slots;
    bench.bench.isDiskSlow = true;
    bench.tick(2);
    bench.act(1, { case: "buildPlace", value: { place: ROOF, slot: 0 } }, 1);
    bench.tick(8);
    const { view } = bench.onlooker(2);
    expect(view.tick).toBeGreaterThan(0);
    expect(view.chunks.get(CELL)?.ids[ROOF_INDEX]).toBe(Block.Air);
    expect(bench.onlooker(1).slots).toEqual(before);
    expect(bench.bench.resultsTo(1)).toEqual([]);
    bench.bench.sync();
    bench.tick(4);
    bench.bench.sync();
    bench.tick(4);
    expect(bench.onlooker(2).view.chunks.get(CELL)?.ids[ROOF_INDEX]).toBe(Block.Planks);
    expect(bench.onlooker(1).slots).toEqual([Block.Planks, 4, Item.Pickaxe, 1]);
    expect(bench.bench.resultsTo(1)).toMatchObject([{ id: 1 }]);
  });

  test("one who comes is shown the chunk as it was", () => {
    const { bench } = setUp();
    bench.tick(2);
    bench.act(1, { case: "buildPlace", value: { place: ROOF, slot: 0 } }, 1);
    bench.bench.isDiskSlow = true;
    bench.tick(1);
    bench.bench.put({ kind: "lostBase", connection: 2 });
    bench.tick(4);
    expect(bench.onlooker(2).view.chunks.get(CELL)?.ids[ROOF_INDEX]).toBe(Block.Air);
  });
});

describe("actions that last", () => {
  test("the same action twice is done once and answered twice alike", () => {
    const { bench } = setUp();
    bench.act(1, { case: "buildPlace", value: { place: ROOF, slot: 0 } }, 1);
    bench.tick(3);
    bench.act(1, { case: "buildPlace", value: { place: ROOF, slot: 0 } }, 1);
    bench.tick(3);
    const [first, second] = bench.bench.resultsTo(1);
    expect(second).toEqual(first);
    expect(bench.onlooker(1).slots).toEqual([Block.Planks, 4, Item.Pickaxe, 1]);
  });

  test("one without an id is refused, and so is an action of another world", () => {
    const { bench } = setUp();
    bench.act(1, { case: "buildPlace", value: { place: ROOF, slot: 0 } });
    bench.tick(3);
    const rejections = bench.bench.controls.filter(({ kind }) => kind === "reject");
    expect(rejections).toMatchObject([{ sequence: 1, reason: RejectionReason.INVALID }]);
    bench.bench.attack(1, 2);
    bench.tick(3);
    expect(bench.onlooker(1).slots).toEqual([Block.Planks, 5, Item.Pickaxe, 1]);
  });
});

test("a replay of the journal gives the same world, and so does a snapshot", () => {
  const { bench } = setUp();
  bench.act(1, { case: "buildPlace", value: { place: ROOF, slot: 0 } }, 1);
  bench.move(2, 1, 1);
  bench.tick(30);
  const { world, records } = bench.bench;
  const again = blocksFactory.create({ tickRate: 20, seed: 1, capacity: 50 });
  for (const { inputs, stateHash } of records) {
    again.replay(inputs);
    if (stateHash !== undefined) expect(again.hash()).toBe(stateHash);
  }
  expect(again.hash()).toBe(world.hash());
  const restored = blocksFactory.restore(world.snapshot(), { tickRate: 20, seed: 1, capacity: 50 });
  expect(restored.hash()).toBe(world.hash());
  for (const one of [world, restored]) for (let tick = 0; tick < 50; tick++) one.step();
  expect(restored.hash()).toBe(world.hash());
});
