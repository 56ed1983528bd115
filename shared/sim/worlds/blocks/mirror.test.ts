import { expect, test } from "bun:test";
import { CellChanges } from "#shared/time/cell-changes.ts";
import { makeStamp, STAMP_ZERO } from "#shared/time/hybrid-clock.ts";
import { placeBlock } from "./blocks/block-behaviours.ts";
import { Block } from "./blocks/block-ids.ts";
import { CHUNK_CELLS, LAYER_ACTIVE } from "./constants.ts";
import { writeChestSlot } from "./entities/chests.ts";
import { hashBlocks } from "./hash.ts";
import type { BlocksAction, BlocksInput } from "./messages.ts";
import { restoreMirror, stampBits, valueIn } from "./mirror.ts";
import { stepBlocks } from "./step.ts";
import { at, blockAt, createFlat } from "./testing/flat-world.ts";
import { actionInput, joinInput, lyingItems } from "./testing/inputs.ts";
import { createRegion, playRegions, remoteInput, stampInput } from "./testing/mirrored-regions.ts";
import type { BlocksWorld } from "./world.ts";
import { blockIn, levelIn } from "./write-block.ts";

const planks = (ms: number, level = 0) => ({
  block: (Block.Planks << 8) | level,
  stamp: stampBits(makeStamp(ms)),
});

test("fault 2: regions that have seen the same writes have the same blocks", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const regions = playRegions({ seed, ticks: 600, quietFrom: 400 });
    expectSameLand(
      regions.map(({ world }) => world),
      seed,
    );
  }
});

function expectSameLand(worlds: readonly BlocksWorld[], seed: number): void {
  const [first, ...others] = worlds;
  if (first === undefined) return;
  expect(first.mirror.register.size, `seed ${seed}`).toBeGreaterThan(50);
  for (const other of others) {
    expect(other.mirror.register.hash(), `seed ${seed}`).toBe(first.mirror.register.hash());
    for (let cell = 0; cell < 9 * CHUNK_CELLS; cell++) {
      const [one, two] = [first, other].map((world) => [
        blockIn(world, cell),
        levelIn(world, cell),
      ]);
      expect(two, `seed ${seed}, cell ${cell}`).toEqual(one);
    }
  }
}

test("fault 2: of two writes with one stamp the region with the greater name has its way", () => {
  const worlds = ["eu-west-1", "us-east-1"].map(() => createFlat());
  const cells = [{ block: Block.Brick << 8, stamp: stampBits(makeStamp(7)) }];
  const [east, west] = [remoteInput("us-east-1", [planks(7)]), remoteInput("eu-west-1", cells)];
  const orders = [
    [east, west],
    [west, east],
  ];
  for (const [index, world] of worlds.entries()) {
    stepBlocks(world, [stampInput("here", 10), ...(orders[index] ?? [])]);
    expect(blockAt(world, 20, 20, LAYER_ACTIVE)).toEqual([Block.Planks, 0]);
  }
});

test("a later write counts, an earlier one is lost, and each input says how many were", () => {
  const world = createFlat();
  stepBlocks(world, [stampInput("here", 10), remoteInput("there", [planks(9), planks(8)])]);
  expect(world.effects.remotes).toEqual([{ region: "there", cells: 2, lost: 1 }]);
  expect([...world.effects.changed.keys()]).toEqual([at(world, 20, 20, LAYER_ACTIVE)]);
  expect(world.effects.written.size).toBe(0);
  expect(world.effects.stamped.length).toBe(0);
  expect(world.awake.size).toBe(0);
});

test("a write that no cell of this world can hold is lost", () => {
  const world = createFlat();
  stepBlocks(world, [
    stampInput("here", 10),
    remoteInput("there", [
      { ...planks(9), x: 99 },
      { ...planks(9), layer: 3 },
      { ...planks(9), block: 0x200_0000 },
    ]),
  ]);
  expect(world.effects.remotes).toEqual([{ region: "there", cells: 3, lost: 3 }]);
  expect(world.mirror.register.size).toBe(0);
});

test("a write here is later than whatever came in before it, however far ahead that is", () => {
  const world = createFlat();
  stepBlocks(world, [joinInput("builder", { slots: [Block.Brick, 9] })]);
  const builder = world.effects.joined[0]?.entity ?? 0;
  const place = { x: 22, y: 20, layer: LAYER_ACTIVE };
  stepBlocks(world, [
    stampInput("here", 10),
    remoteInput("there", [{ ...planks(50_000), ...place, block: 0 }]),
    actionInput(builder, 1, { case: "buildPlace", value: { place, slot: 0 } }),
  ]);
  const told = world.effects.stamped.at(0);
  expect(told.stamp).toEqual(makeStamp(50_000, 1));
  expect(told.value).toBe((1 << 24) | (Block.Brick << 8));
  expect(world.mirror.regions.nameOf(told.region)).toBe("here");
});

test("a block that becomes what the seed made is a tombstone, and is told of as one", () => {
  const world = createRegion("here").world;
  const [builder = 0] = world.bags.columns.owner;
  const free = [...Array(9).keys()]
    .map((index) => ({ x: 17 + index, y: 20, layer: 2 }))
    .find((place) => valueIn(world, at(world, place.x, place.y, 2)) === 0);
  const place = free ?? { x: 0, y: 0, layer: 0 };
  const build: BlocksAction["action"] = { case: "buildPlace", value: { place, slot: 0 } };
  stepBlocks(world, [stampInput("here", 10), actionInput(builder, 1, build)]);
  expect(world.mirror.register.goneCount).toBe(0);
  const dig: BlocksAction["action"] = { case: "buildBreak", value: { place } };
  stepBlocks(world, [stampInput("here", 20), actionInput(builder, 2, dig)]);
  expect(world.effects.stamped.at(0).gone).toBe(true);
  expect(world.mirror.register.goneCount).toBe(1);
  const forget: BlocksInput = {
    input: {
      case: "stamp",
      value: {
        region: "here",
        stamp: stampBits(makeStamp(30)),
        forgetBefore: stampBits(makeStamp(25)),
      },
    },
  };
  stepBlocks(world, [forget]);
  expect(world.mirror.register.size).toBe(0);
});

test("a tombstone from elsewhere brings back what the seed made", () => {
  const { world } = createRegion("here");
  const place = { x: 20, y: 20, layer: 0 };
  const before = blockAt(world, 20, 20);
  stepBlocks(world, [stampInput("here", 1), remoteInput("there", [{ ...planks(10), ...place }])]);
  expect(blockAt(world, 20, 20)).toEqual([Block.Planks, 0]);
  const gone = { ...place, gone: true, stamp: stampBits(makeStamp(11)) };
  stepBlocks(world, [stampInput("here", 2), remoteInput("there", [gone])]);
  expect(blockAt(world, 20, 20)).toEqual(before);
});

test("writes of a clock that was wrong get the stamp of the tick, and are told anew", () => {
  const world = createFlat();
  stepBlocks(world, [stampInput("here", 10), remoteInput("there", [planks(900_000)])]);
  const anew: BlocksInput = {
    input: {
      case: "stamp",
      value: {
        region: "here",
        stamp: stampBits(makeStamp(20)),
        anewAfter: stampBits(makeStamp(100)),
      },
    },
  };
  stepBlocks(world, [anew]);
  expect(world.effects.stamped.length).toBe(1);
  expect(world.effects.stamped.at(0).stamp.lo >>> 16).toBe(20);
  expect(world.mirror.register.cells.at(0).stamp).toEqual(world.effects.stamped.at(0).stamp);
});

test("what was in a chest that another region broke lies there", () => {
  const world = createFlat();
  const cell = at(world, 20, 20, LAYER_ACTIVE);
  placeBlock(world, cell, Block.Chest);
  writeChestSlot(world, cell, { slot: 3, stack: { item: 2006, count: 12 } });
  const broken = { block: 0, stamp: stampBits(makeStamp(5)) };
  stepBlocks(world, [stampInput("here", 1), remoteInput("there", [broken])]);
  expect(blockAt(world, 20, 20, LAYER_ACTIVE)).toEqual([Block.Air, 0]);
  expect(lyingItems(world)).toEqual([[2006, 12, 20, 20]]);
});

test("a world that no region mirrors keeps no register", () => {
  const world = createFlat();
  stepBlocks(world, [joinInput("a", { slots: [Block.Brick, 9] })]);
  const entity = world.effects.joined[0]?.entity ?? 0;
  const place = { x: 22, y: 20, layer: LAYER_ACTIVE };
  stepBlocks(world, [actionInput(entity, 1, { case: "buildPlace", value: { place, slot: 0 } })]);
  expect(world.effects.written.size).toBe(1);
  expect(world.mirror.register.size).toBe(0);
  expect(world.mirror.seen).toEqual(STAMP_ZERO);
});

test("a mirror that was stored is the same with other numbers of regions", () => {
  const world = createFlat();
  stepBlocks(world, [
    stampInput("here", 1),
    remoteInput("there", [planks(10), { ...planks(3), x: 5 }]),
  ]);
  const { regions, register, seen } = world.mirror;
  const stored = new CellChanges();
  for (let row = 0; row < register.size; row++) stored.copy(register.cells, row);
  const other = createFlat();
  other.mirror.regions.indexOf("elsewhere");
  restoreMirror(other, { regions: regions.all, cells: stored, seen });
  expect(other.mirror.register.hash()).toBe(register.hash());
  expect(other.mirror.seen).toEqual(seen);
  expect(hashBlocks(world)).not.toBe(hashBlocks(other));
});
