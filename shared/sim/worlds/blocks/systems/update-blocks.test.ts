import { expect, test } from "bun:test";
import { createRandom } from "../../../kernel/random.ts";
import { Block } from "../blocks/block-ids.ts";
import { CHUNK_CELLS } from "../constants.ts";
import { hashBlocks } from "../hash.ts";
import { BLOCKS_PARAMETERS } from "../parameters.ts";
import { stepBlocks } from "../step.ts";
import { createFlat } from "../testing/flat-world.ts";
import { createBlocks } from "../world.ts";
import { blockIn, setBlock, wake } from "../write-block.ts";
import { BLOCK_UPDATES_MAX } from "./update-blocks.ts";

test("a world at rest costs nothing, however much of it was changed", () => {
  const world = createFlat();
  for (let tick = 0; tick < 5; tick++) stepBlocks(world, []);
  expect(world.awake.size).toBe(0);
  expect(world.chunks.madeCount).toBe(9);
});

test("beyond the bound blocks wait for the next tick, and come first there", () => {
  const world = createFlat(1, 6);
  const cells = 6 * 6 * CHUNK_CELLS;
  for (let cell = 0; cell < cells; cell++) wake(world, cell);
  stepBlocks(world, []);
  expect([...world.awake][0]).toBe(BLOCK_UPDATES_MAX);
  expect(world.awake.size).toBe(cells - BLOCK_UPDATES_MAX);
  stepBlocks(world, []);
  expect(world.awake.size).toBe(0);
});

test("nothing in the land as it is made moves by itself", () => {
  const world = createBlocks({ ...BLOCKS_PARAMETERS, columns: 12, rows: 12 });
  const cells = 12 * 12 * CHUNK_CELLS;
  for (let cell = 0; cell < cells; cell++) {
    if (blockIn(world, cell) !== Block.DeepWater) wake(world, cell);
  }
  const changed = new Set<number>();
  while (world.awake.size > 0) {
    stepBlocks(world, []);
    for (const cell of world.effects.changed.keys()) changed.add(cell);
  }
  expect(changed.size).toBe(0);
});

test("changed cells are told of, with those that were changed here", () => {
  const world = createFlat();
  stepBlocks(world, []);
  setBlock(world, 5, Block.Grass, 4);
  expect([...world.effects.changed.keys()]).toEqual([5]);
  expect([...world.effects.written]).toEqual([5]);
});

test("grass grows the same whether it is remembered that it does or not", () => {
  const [world, forgetful] = [createFlat(7), createFlat(7)];
  const random = createRandom(7);
  for (let tick = 0; tick < 300; tick++) {
    const cell = random.below(9 * CHUNK_CELLS);
    const id = [Block.Grass, Block.Dirt, Block.Grass][random.below(3)] ?? 0;
    const level = random.below(6);
    for (const each of [world, forgetful]) setBlock(each, cell, id, level);
    forgetful.growing.clear();
    for (const each of [world, forgetful]) stepBlocks(each, []);
    expect(hashBlocks(world), `tick ${tick}`).toBe(hashBlocks(forgetful));
    for (const known of world.growing) expect(world.awake.has(known)).toBe(true);
  }
  expect(world.growing.size).toBeGreaterThan(0);
});
