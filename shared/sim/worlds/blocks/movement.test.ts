import { describe, expect, test } from "bun:test";
import { RejectionReason } from "#proto/frame_pb.ts";
import { Block } from "./blocks/block-ids.ts";
import { LAYER_ACTIVE } from "./constants.ts";
import { blocksTravel } from "./movement.ts";
import { stepBlocks } from "./step.ts";
import { putAt } from "./testing/flat-world.ts";
import { controlsInput, createFlatWith, stepUntil } from "./testing/inputs.ts";
import type { BlocksWorld } from "./world.ts";

function placeOfFirst({ entities }: BlocksWorld): [number, number] {
  return [entities.columns.x[0] ?? 0, entities.columns.y[0] ?? 0];
}

/** Where somebody is after walking for so many ticks from the middle of block (20, 20). */
function walk(
  direction: { dx: number; dy: number },
  ticks: number,
  from: { x?: number; y?: number; build?: (world: BlocksWorld) => void } = {},
): [number, number] {
  const { x = 2050, y = 2050, build } = from;
  const { world, entities } = createFlatWith([{ x, y }]);
  build?.(world);
  stepBlocks(world, [controlsInput(entities[0] ?? 0, 1, direction)]);
  stepUntil(world, world.tick + ticks - 1);
  return placeOfFirst(world);
}

test("a player covers 5 blocks in a second at any tick rate", () => {
  for (const rate of [20, 30, 36, 60]) {
    let way = 0;
    for (let tick = 1; tick <= rate; tick++) way += blocksTravel(500, tick, rate);
    expect(way).toBe(500);
  }
});

test("a player walks 5 blocks a second along an axis, and no faster at an angle", () => {
  expect(walk({ dx: 1, dy: 0 }, 20)).toEqual([2550, 2050]);
  const [x, y] = walk({ dx: 1, dy: 1 }, 20);
  const way = Math.sqrt((x - 2050) * (x - 2050) + (y - 2050) * (y - 2050));
  expect(Math.abs(way - 500)).toBeLessThan(3);
});

test("fault 8: nobody goes anywhere but one step at a time", () => {
  const { world, entities } = createFlatWith([{}]);
  const [me = 0] = entities;
  const far = [1000, -2, 2, 0.5, Number.NaN, Number.POSITIVE_INFINITY];
  for (const [index, dx] of far.entries()) {
    stepBlocks(world, [controlsInput(me, index + 1, { dx, dy: 0 })]);
    expect(world.effects.rejections[0]?.reason).toBe(RejectionReason.INVALID);
    expect(placeOfFirst(world)).toEqual([2050, 2050]);
  }
  // However often it is said in a tick.
  const often = Array.from({ length: 50 }, (_, index) =>
    controlsInput(me, 100 + index, { dx: 1, dy: 0 }),
  );
  stepBlocks(world, often);
  expect(placeOfFirst(world)).toEqual([2075, 2050]);
});

describe("a wall", () => {
  const wall = (world: BlocksWorld) => {
    for (let y = 0; y < 48; y++) putAt(world, [22, y, LAYER_ACTIVE], [Block.Planks]);
  };
  test("stops the hitbox at its edge", () => {
    expect(walk({ dx: 1, dy: 0 }, 30, { build: wall })).toEqual([2160, 2050]);
  });
  test("from the other side too", () => {
    expect(walk({ dx: -1, dy: 0 }, 30, { x: 2450, build: wall })).toEqual([2340, 2050]);
  });
  test("is slid along by one who comes at an angle", () => {
    const [x, y] = walk({ dx: 1, dy: 1 }, 30, { build: wall });
    expect(x).toBe(2160);
    expect(y).toBeGreaterThan(2500);
  });
});

test("nobody walks over a hole, into the sea of the world's end, or through a tree", () => {
  const hole = (world: BlocksWorld) => putAt(world, [21, 20], [Block.Air]);
  expect(walk({ dx: 1, dy: 0 }, 30, { build: hole })).toEqual([2060, 2050]);
  const tree = (world: BlocksWorld) => putAt(world, [20, 19, LAYER_ACTIVE], [Block.Tree]);
  expect(walk({ dx: 0, dy: -1 }, 30, { build: tree })).toEqual([2050, 2040]);
  expect(walk({ dx: -1, dy: 0 }, 200)).toEqual([40, 2050]);
  expect(walk({ dx: 0, dy: 1 }, 200)).toEqual([2050, 48 * 100 - 40]);
});

test("one who stands in a block that somebody built can walk out of it", () => {
  const build = (world: BlocksWorld) => putAt(world, [20, 20, LAYER_ACTIVE], [Block.Planks]);
  expect(walk({ dx: 1, dy: 0 }, 20, { build })).toEqual([2550, 2050]);
});

test("a door is found by one who comes half beside it", () => {
  const build = (world: BlocksWorld) => {
    for (let y = 15; y < 25; y++) putAt(world, [22, y, LAYER_ACTIVE], [Block.Planks]);
    putAt(world, [22, 20, LAYER_ACTIVE], [Block.Door, 1]);
  };
  const [x, y] = walk({ dx: 1, dy: 0 }, 40, { y: 2020, build });
  expect(x).toBeGreaterThan(2400);
  expect(y).toBeGreaterThanOrEqual(2040);
});

test("the dead do not move, and go on when they live again", () => {
  const { world, entities } = createFlatWith([{}]);
  world.entities.columns.health[0] = 0;
  stepBlocks(world, [controlsInput(entities[0] ?? 0, 1, { dx: 1, dy: 0 })]);
  expect(placeOfFirst(world)).toEqual([2050, 2050]);
});
