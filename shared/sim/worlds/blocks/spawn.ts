import { randomUint32, scaleRandom } from "../../kernel/random.ts";
import { isDryIn } from "./chunks/chunk-map.ts";
import { middleOf } from "./entities/entities.ts";
import { areaIndex, chunkAt, isInside } from "./layout.ts";
import type { BlocksWorld } from "./world.ts";

const SALT_X = 0x500;
const SALT_Y = 0x600;
const TRIES_MAX = 48;
/** Blocks from the middle of the world in the first try, and how many more in each further one. */
const SPREAD = 8;
const SPREAD_MORE = 4;

/**
 * Where an entity appears in a tick, in hundredths: on dry land near the middle of the world, where
 * nothing stands. When all of many tries fail, in the middle whatever is there.
 */
export function spawnPlace(
  world: BlocksWorld,
  entity: number,
  tick: number,
): { readonly x: number; readonly y: number } {
  const { width, height } = world.shape;
  const { seed } = world.parameters;
  const middle = { x: Math.floor(width / 2), y: Math.floor(height / 2) };
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const spread = SPREAD + attempt * SPREAD_MORE;
    const right = scaleRandom(randomUint32(seed, tick, entity, SALT_X + attempt), 2 * spread + 1);
    const down = scaleRandom(randomUint32(seed, tick, entity, SALT_Y + attempt), 2 * spread + 1);
    const place = { x: middle.x + right - spread, y: middle.y + down - spread };
    if (isDryLand(world, place.x, place.y)) return middleOf(place);
  }
  return middleOf(middle);
}

/** Whether somebody may begin on a block. */
export function isDryLand({ shape, chunks }: BlocksWorld, x: number, y: number): boolean {
  return isInside(shape, x, y) && isDryIn(chunks, chunkAt(shape, x, y), areaIndex(x, y));
}
