import { describe, expect, test } from "bun:test";
import { LAYER_ACTIVE, LAYER_CEILING } from "../constants.ts";
import { canEnter } from "../movement.ts";
import { stepBlocks } from "../step.ts";
import { at, blockAt, createFlat, putAt } from "../testing/flat-world.ts";
import type { BlocksWorld } from "../world.ts";
import { setLevel, wake } from "../write-block.ts";
import { digBlock, isBreakable, placeBlock } from "./block-behaviours.ts";
import { Block } from "./block-ids.ts";

function stepUntilStill(world: BlocksWorld): number {
  let ticks = 0;
  while (world.awake.size > 0) {
    stepBlocks(world, []);
    ticks += 1;
    if (ticks > 2000) throw new Error("cannot come to rest: blocks go on for 2,000 ticks");
  }
  return ticks;
}

test("a changed block and its neighbours are updated in the next tick, once", () => {
  const world = createFlat();
  putAt(world, [20, 20], [Block.Stone]);
  putAt(world, [21, 20], [Block.Stone]);
  expect(world.awake.size).toBe(8);
  stepBlocks(world, []);
  expect(world.awake.size).toBe(0);
  expect(world.effects.changed.size).toBe(0);
});

describe("grass", () => {
  test("grows to 5 and then rests", () => {
    const world = createFlat();
    putAt(world, [20, 20], [Block.Grass]);
    const ticks = stepUntilStill(world);
    expect(blockAt(world, 20, 20)).toEqual([Block.Grass, 5]);
    expect(ticks).toBeGreaterThan(5);
  });

  test("grows in one of ten ticks", () => {
    const world = createFlat();
    let ticks = 0;
    for (let round = 0; round < 40; round++) {
      setLevel(world, at(world, 20, 20), 0);
      wake(world, at(world, 20, 20));
      ticks += stepUntilStill(world);
    }
    expect(ticks / (40 * 5)).toBeGreaterThan(8);
    expect(ticks / (40 * 5)).toBeLessThan(12);
  });

  test("spreads to moist dirt when it is ripe, from whichever side", () => {
    const world = createFlat();
    putAt(world, [20, 20], [Block.Dirt, 2]);
    stepUntilStill(world);
    expect(blockAt(world, 20, 20)).toEqual([Block.Grass, 5]);
  });

  test("spreads in one of twenty ticks", () => {
    const world = createFlat();
    for (const [x, y] of [
      [20, 19],
      [20, 21],
      [21, 20],
    ] as const) {
      putAt(world, [x, y], [Block.Sand]);
    }
    let ticks = 0;
    for (let round = 0; round < 400; round++) {
      putAt(world, [20, 20], [Block.Dirt, 2]);
      for (; blockAt(world, 20, 20)[0] === Block.Dirt; ticks++) stepBlocks(world, []);
    }
    // From its one neighbour of grass.
    expect(ticks / 400).toBeGreaterThan(17);
    expect(ticks / 400).toBeLessThan(23);
  });

  test("does not spread to dry dirt, nor before it is ripe", () => {
    const world = createFlat();
    putAt(world, [20, 20], [Block.Dirt, 1]);
    expect(stepUntilStill(world)).toBe(1);
    expect(blockAt(world, 20, 20)).toEqual([Block.Dirt, 1]);
  });

  test("becomes moist dirt when it is dug, and dirt breaks", () => {
    const world = createFlat();
    expect(digBlock(world, at(world, 20, 20), 1)).toEqual({ broken: true, drop: 0 });
    expect(blockAt(world, 20, 20)).toEqual([Block.Dirt, 2]);
    expect(digBlock(world, at(world, 20, 20), 1)).toEqual({ broken: true, drop: Block.Dirt });
    expect(blockAt(world, 20, 20)).toEqual([Block.Air, 0]);
  });
});

describe("water", () => {
  test("runs into air beside it, one lower with each block, and not out of its layer", () => {
    const world = createFlat();
    for (let x = 10; x < 30; x++) putAt(world, [x, 20], [Block.Air]);
    putAt(world, [9, 20], [Block.Water, 7]);
    stepUntilStill(world);
    const levels = Array.from({ length: 9 }, (_, index) => blockAt(world, 9 + index, 20));
    expect(levels.map(([id]) => id)).toEqual([3, 3, 3, 3, 3, 3, 3, 0, 0]);
    expect(levels.map(([, level]) => level)).toEqual([7, 6, 5, 4, 3, 2, 1, 0, 0]);
    expect(blockAt(world, 10, 20, LAYER_ACTIVE)).toEqual([Block.Air, 0]);
  });

  test("runs one block further with each tick", () => {
    const world = createFlat();
    for (let x = 10; x < 30; x++) putAt(world, [x, 20], [Block.Air]);
    putAt(world, [9, 20], [Block.Water, 7]);
    stepBlocks(world, []);
    expect(blockAt(world, 10, 20)).toEqual([Block.Water, 6]);
    expect(blockAt(world, 11, 20)).toEqual([Block.Air, 0]);
    stepBlocks(world, []);
    expect(blockAt(world, 11, 20)).toEqual([Block.Water, 5]);
  });

  test("evens out where levels differ by two and loses nothing", () => {
    const world = createFlat();
    for (const [index, level] of [7, 1, 3, 7].entries()) {
      putAt(world, [10 + index, 20], [Block.Water, level]);
    }
    stepUntilStill(world);
    const levels = [0, 1, 2, 3].map((index) => blockAt(world, 10 + index, 20)[1]);
    expect(levels.reduce((sum, level) => sum + level, 0)).toBe(18);
    for (let index = 1; index < 4; index++) {
      expect(Math.abs((levels[index] ?? 0) - (levels[index - 1] ?? 0))).toBeLessThan(2);
    }
  });

  test("that is deep runs only once something that is no water is beside it", () => {
    const world = createFlat();
    for (const x of [10, 11, 12]) {
      for (const y of [10, 11, 12]) putAt(world, [x, y], [Block.DeepWater]);
    }
    wake(world, at(world, 11, 11));
    world.awake = new Set([at(world, 11, 11)]);
    stepUntilStill(world);
    expect(blockAt(world, 11, 11)).toEqual([Block.DeepWater, 0]);
    wake(world, at(world, 10, 11));
    stepBlocks(world, []);
    expect(blockAt(world, 10, 11)).toEqual([Block.Water, 7]);
  });
});

describe.each([
  ["a tree", Block.Tree],
  ["a cactus", Block.Cactus],
])("%s", (_, id) => {
  test("reaches into the ceiling, and takes that with it when it falls", () => {
    const world = createFlat();
    placeBlock(world, at(world, 20, 20, LAYER_ACTIVE), id);
    expect(blockAt(world, 20, 20, LAYER_CEILING)).toEqual([id, 0]);
    expect(digBlock(world, at(world, 20, 20, LAYER_ACTIVE), 1).drop).toBe(id);
    expect(blockAt(world, 20, 20, LAYER_CEILING)).toEqual([Block.Air, 0]);
  });

  test("leaves a roof alone that was there before", () => {
    const world = createFlat();
    putAt(world, [20, 20, LAYER_CEILING], [Block.Planks]);
    placeBlock(world, at(world, 20, 20, LAYER_ACTIVE), id);
    digBlock(world, at(world, 20, 20, LAYER_ACTIVE), 1);
    expect(blockAt(world, 20, 20, LAYER_CEILING)).toEqual([Block.Planks, 0]);
  });
});

test("stone is as hard as it is: every blow takes its strength, at 0 it is air", () => {
  const world = createFlat();
  const cell = at(world, 20, 20, LAYER_ACTIVE);
  placeBlock(world, cell, Block.Stone);
  expect(blockAt(world, 20, 20, LAYER_ACTIVE)).toEqual([Block.Stone, 10]);
  expect(digBlock(world, cell, 4)).toEqual({ broken: false, drop: 0 });
  expect(blockAt(world, 20, 20, LAYER_ACTIVE)).toEqual([Block.Stone, 6]);
  expect(digBlock(world, cell, 6)).toEqual({ broken: true, drop: Block.Stone });
  expect(blockAt(world, 20, 20, LAYER_ACTIVE)).toEqual([Block.Air, 0]);
});

test.each([Block.Air, Block.Water, Block.DeepWater, Block.Spawner])(
  "block %d cannot be dug",
  (id) => expect(isBreakable(id)).toBe(false),
);

const WALKABLE: readonly [string, number, [number, number], boolean][] = [
  ["on grass", Block.Grass, [Block.Air, 0], true],
  ["over a hole", Block.Air, [Block.Air, 0], false],
  ["through water over a hole", Block.Air, [Block.Water, 3], true],
  ["in deep water", Block.Grass, [Block.DeepWater, 0], true],
  ["through a flower", Block.Grass, [Block.Flower, 0], false],
  ["through a closed door", Block.Planks, [Block.Door, 0], false],
  ["through an open door", Block.Planks, [Block.Door, 1], true],
];
test.each(WALKABLE)("whether one can walk %s", (_, floor, active, expected) => {
  const world = createFlat();
  putAt(world, [20, 20], [floor]);
  putAt(world, [20, 20, LAYER_ACTIVE], active);
  expect(canEnter(world, 20, 20)).toBe(expected);
});
