import { expect, test } from "bun:test";
import { createRandom } from "../../../kernel/random.ts";
import { isPassable } from "../blocks/block-behaviours.ts";
import { Block } from "../blocks/block-ids.ts";
import { CHUNK_CELLS } from "../constants.ts";
import { canEnter } from "../movement.ts";
import { isDryLand } from "../spawn.ts";
import { blockAt, createFlat } from "../testing/flat-world.ts";
import { setBlock, setLevel } from "../write-block.ts";

test("where one can walk is always as the blocks say", () => {
  const random = createRandom(9);
  const world = createFlat();
  const { Air, Water, DeepWater, Door, Planks, Grass } = Block;
  for (let round = 0; round < 300; round++) {
    const cell = random.below(9 * CHUNK_CELLS);
    const id = [Air, Water, DeepWater, Door, Planks, Grass][random.below(6)] ?? 0;
    setBlock(world, cell, id, random.below(2));
    if (id === Door) setLevel(world, cell, random.below(2));
    for (let look = 0; look < 200; look++) {
      const [x, y] = [random.below(48), random.below(48)];
      const [floor] = blockAt(world, x, y, 0);
      const [active, level] = blockAt(world, x, y, 1);
      const walkable = isPassable(active, level) && (active !== Air || floor !== Air);
      expect(canEnter(world, x, y)).toBe(walkable);
      const dry = walkable && active === Air && floor !== Water && floor !== DeepWater;
      expect(isDryLand(world, x, y)).toBe(dry);
    }
  }
  expect(canEnter(world, -1, 5)).toBe(false);
  expect(canEnter(world, 5, 48)).toBe(false);
});
