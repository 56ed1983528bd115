// Any blocks anywhere, against the plain model: both must have the same land after each tick.
// Repeat one seed with: bun test shared/sim/worlds/blocks/blocks -t "agree for seed 5$"

import { expect, test } from "bun:test";
import { createRandom } from "../../../kernel/random.ts";
import { CHUNK_CELLS } from "../constants.ts";
import { stepBlocks } from "../step.ts";
import { createBlockModel, putInModel, stepBlockModel } from "../testing/block-model.ts";
import { createFlat } from "../testing/flat-world.ts";
import { blockIn, levelIn, setBlock } from "../write-block.ts";
import { Block } from "./block-ids.ts";

const SEEDS = [1, 2, 3, 4, 5, 6];
const TICKS = 250;

test.each(SEEDS)("world and model agree for seed %d", (seed) => {
  const random = createRandom(seed);
  const world = createFlat(seed);
  const model = createBlockModel(world);
  const cells = world.shape.columns * world.shape.rows * CHUNK_CELLS;
  for (let tick = 1; tick <= TICKS; tick++) {
    const { Air, Water, DeepWater, Dirt, Grass, Stone } = Block;
    for (let count = random.below(6); count > 0; count--) {
      // Often near one corner, so that things meet.
      const cell = random.below(2) === 0 ? random.below(cells) : random.below(256);
      const id = [Air, Air, Water, DeepWater, Dirt, Grass, Stone][random.below(7)] ?? 0;
      const level = random.below(id === Grass ? 6 : 8);
      setBlock(world, cell, id, level);
      putInModel(model, cell, id, level);
    }
    stepBlocks(world, []);
    stepBlockModel(model);
    expect([...world.awake], `seed ${seed}, tick ${tick}`).toEqual(model.due);
  }
  for (const [cell, { id, level }] of model.cells) {
    if (blockIn(world, cell) === id && levelIn(world, cell) === level) continue;
    throw new Error(`seed ${seed}: cell ${cell} is ${blockIn(world, cell)}, the model has ${id}`);
  }
});
