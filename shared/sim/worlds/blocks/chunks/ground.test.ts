import { expect, test } from "bun:test";
import { createRandom } from "../../../kernel/random.ts";
import { isPassable } from "../blocks/block-behaviours.ts";
import { Block } from "../blocks/block-ids.ts";
import { CHUNK_AREA, CHUNK_CELLS } from "../constants.ts";
import { areaIndex, chunkAt } from "../layout.ts";
import { canEnter } from "../movement.ts";
import { isDryLand } from "../spawn.ts";
import { blockAt, createFlat } from "../testing/flat-world.ts";
import { blockIn, setBlock, setLevel } from "../write-block.ts";
import { hasPastureIn, isPastureIn } from "./chunk-map.ts";

test("where one can walk and graze is always as the blocks say", () => {
  const random = createRandom(9);
  const world = createFlat();
  const { Air, Water, DeepWater, Door, Planks, Grass } = Block;
  for (let round = 0; round < 300; round++) {
    const cell = random.below(9 * CHUNK_CELLS);
    const id = [Air, Water, DeepWater, Door, Planks, Grass][random.below(6)] ?? 0;
    setBlock(world, cell, id, random.below(2));
    const grass = random.below(9 * CHUNK_CELLS);
    if (blockIn(world, grass) === Grass) setLevel(world, grass, random.below(6));
    if (id === Door) setLevel(world, cell, random.below(2));
    for (let look = 0; look < 200; look++) {
      const [x, y] = [random.below(48), random.below(48)];
      const [floor, growth] = blockAt(world, x, y, 0);
      const [active, level] = blockAt(world, x, y, 1);
      const walkable = isPassable(active, level) && (active !== Air || floor !== Air);
      expect(canEnter(world, x, y)).toBe(walkable);
      const dry = walkable && active === Air && floor !== Water && floor !== DeepWater;
      expect(isDryLand(world, x, y)).toBe(dry);
      const chunk = chunkAt(world.shape, x, y);
      const grazed = isPastureIn(world.chunks, chunk, areaIndex(x, y));
      expect(grazed).toBe(walkable && floor === Grass && growth >= 3);
      if (grazed) expect(hasPastureIn(world.chunks, chunk)).toBe(true);
    }
  }
  expect(canEnter(world, -1, 5)).toBe(false);
  expect(canEnter(world, 5, 48)).toBe(false);
});

test("a chunk without ripe grass is no pasture, and one that has some again is", () => {
  const world = createFlat();
  for (let area = 0; area < CHUNK_AREA; area++) setLevel(world, area, 2);
  expect(hasPastureIn(world.chunks, 0)).toBe(false);
  setLevel(world, 77, 3);
  expect(hasPastureIn(world.chunks, 0)).toBe(true);
  expect(isPastureIn(world.chunks, 0, 77)).toBe(true);
  setBlock(world, CHUNK_AREA + 77, Block.Planks, 0);
  expect(hasPastureIn(world.chunks, 0)).toBe(false);
});
