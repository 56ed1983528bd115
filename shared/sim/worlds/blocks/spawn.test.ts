import { expect, test } from "bun:test";
import { BLOCKS_UNIT } from "./constants.ts";
import { BLOCKS_PARAMETERS } from "./parameters.ts";
import { isDryLand, spawnPlace } from "./spawn.ts";
import { createFlat } from "./testing/flat-world.ts";
import { type BlocksWorld, createBlocks } from "./world.ts";

const PLAYERS = 200;

function farthest(world: BlocksWorld): number {
  const { width, height } = world.shape;
  let most = 0;
  for (let entity = 1; entity <= PLAYERS; entity++) {
    const { x, y } = spawnPlace(world, entity, entity);
    const [blockX, blockY] = [Math.floor(x / BLOCKS_UNIT), Math.floor(y / BLOCKS_UNIT)];
    expect(isDryLand(world, blockX, blockY)).toBe(true);
    most = Math.max(most, Math.abs(blockX - width / 2), Math.abs(blockY - height / 2));
  }
  return most;
}

test("players come to be near each other unless the world says otherwise", () => {
  expect(farthest(createFlat())).toBeLessThanOrEqual(8);
});

test("in a world that says so they come to be all over the land", () => {
  const wide = createBlocks({ ...BLOCKS_PARAMETERS, spawnBlocks: 1_000 });
  const far = farthest(wide);
  expect(far).toBeGreaterThan(800);
  expect(far).toBeLessThanOrEqual(1_024);
});

test("a land that is smaller than that has room for all the same", () => {
  const world = createFlat();
  const small = { ...world, parameters: { ...world.parameters, spawnBlocks: 16_384 } };
  expect(farthest(small)).toBeGreaterThan(15);
});
