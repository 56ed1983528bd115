import { randomUint32, scaleRandom } from "../../kernel/random.ts";
import { isDryIn } from "./chunks/chunk-map.ts";
import { middleOf } from "./entities/entities.ts";
import { areaIndex, chunkAt, isInside } from "./layout.ts";
import type { BlocksWorld } from "./world.ts";

const SALT_X = 0x500;
const SALT_Y = 0x600;
const TRIES_MAX = 48;
/** Blocks farther from the middle in each further try. */
const SPREAD_MORE = 4;

/**
 * Where an entity appears in a tick, in hundredths: on dry land within `spawnBlocks` of the middle
 * of the world, or a little farther, where nothing stands. When all of many tries fail, in the
 * middle whatever is there.
 */
export function spawnPlace(
  world: BlocksWorld,
  entity: number,
  tick: number,
): { readonly x: number; readonly y: number } {
  const { width, height } = world.shape;
  const { seed, spawnBlocks } = world.parameters;
  const middle = { x: Math.floor(width / 2), y: Math.floor(height / 2) };
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const spread = spawnBlocks + attempt * SPREAD_MORE;
    // No farther than the land goes, or a small land would be missed most of the time.
    const wide = Math.min(spread, middle.x);
    const high = Math.min(spread, middle.y);
    const right = scaleRandom(randomUint32(seed, tick, entity, SALT_X + attempt), 2 * wide + 1);
    const down = scaleRandom(randomUint32(seed, tick, entity, SALT_Y + attempt), 2 * high + 1);
    const place = { x: middle.x + right - wide, y: middle.y + down - high };
    if (isDryLand(world, place.x, place.y)) return middleOf(place);
  }
  return middleOf(middle);
}

/** Whether somebody may begin on a block. */
export function isDryLand({ shape, chunks }: BlocksWorld, x: number, y: number): boolean {
  return isInside(shape, x, y) && isDryIn(chunks, chunkAt(shape, x, y), areaIndex(x, y));
}
