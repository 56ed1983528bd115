import { expect, test } from "bun:test";
import { createChunkContent } from "#shared/net/blocks-chunk-codec.ts";
import {
  BLOCKS_PARAMETERS,
  Block,
  blocksLayout,
  entityId,
  restoreBlocksSelf,
  stepBlocks,
} from "#shared/sim/index.ts";
import type { BlocksChunkEvent } from "./blocks-session-types.ts";
import { Land } from "./land.ts";

const CELL = 64 * 128 + 64;
const PLACE = { x: 1_026, y: 1_025, layer: 1 };
const INDEX = (1 << 8) | (1 << 4) | 2;

/** A chunk of grass that is told, and what the land says of it. */
function setUp() {
  const events: BlocksChunkEvent["type"][] = [];
  const land = new Land(BLOCKS_PARAMETERS, ({ type }) => events.push(type));
  const told = createChunkContent();
  told.ids.fill(Block.Grass, 0, 256);
  land.load(CELL, told);
  return { land, told, events };
}

/** How far somebody who begins a block west of the place gets to the east, in blocks. */
function walkEast(land: Land): number {
  const { world } = land;
  const self = { x: 102_550, y: 102_550, facing: 0, health: 100, attackReadyTick: 0 };
  world.tick = 10;
  const row = restoreBlocksSelf(world, entityId(0, 1), { ...self, controls: { dx: 1, dy: 0 } });
  for (let tick = 0; tick < 20; tick++) stepBlocks(world, []);
  return ((world.entities.columns.x[row] ?? 0) - self.x) / 100;
}

test("what is built is shown and stands in the way at once, and goes when it is refused", () => {
  const { land, events } = setUp();
  expect(walkEast(land)).toBeGreaterThan(3);
  const edit = land.edit(PLACE, { id: Block.Planks, level: 0 });
  expect(land.block(PLACE.x, PLACE.y, 1)).toEqual({ id: Block.Planks, level: 0 });
  expect(walkEast(land)).toBeLessThan(1);
  if (edit !== undefined) land.undo(edit);
  expect(land.block(PLACE.x, PLACE.y, 1)?.id).toBe(Block.Air);
  expect(walkEast(land)).toBeGreaterThan(3);
  expect(events).toEqual(["loaded", "changed", "changed"]);
});

test("what was done stays until a frame tells of it, without a flicker", () => {
  const { land, told, events } = setUp();
  const edit = land.edit(PLACE, { id: Block.Planks, level: 0 });
  if (edit !== undefined) land.settle(edit, 20);
  land.told(19);
  expect(land.block(PLACE.x, PLACE.y, 1)?.id).toBe(Block.Planks);
  told.ids[INDEX] = Block.Planks;
  land.change(CELL, INDEX);
  land.told(20);
  expect(land.block(PLACE.x, PLACE.y, 1)?.id).toBe(Block.Planks);
  expect(events).toEqual(["loaded", "changed"]);
});

test("what others build stands in the way as well, and a chunk out of sight is the seed's", () => {
  const { land, told } = setUp();
  told.ids[INDEX] = Block.Planks;
  land.change(CELL, INDEX);
  expect(walkEast(land)).toBeLessThan(1);
  land.unload(CELL);
  expect(land.block(PLACE.x, PLACE.y, 1)).toBeNull();
  expect(land.edit(PLACE, { id: Block.Planks, level: 0 })).toBeUndefined();
  expect(blocksLayout.cellAt(land.world.shape, PLACE)).toBe(CELL * 768 + INDEX);
});
