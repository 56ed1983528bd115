import { randomUint32, scaleRandom } from "../../kernel/random.ts";
import type { ArenaWorld } from "./world.ts";

const SALT_X = 1;
const SALT_Y = 2;

/** One in so many parts of a side stays clear at either end: nobody begins alone in a corner. */
const CLEAR_PARTS = 5;

/**
 * Where an entity appears in a tick: in the middle of the arena. Depends on the seed, the entity
 * and the tick alone, so that a client foresees its own return.
 */
export function spawnPlace(
  world: ArenaWorld,
  entity: number,
  tick: number,
): { readonly x: number; readonly y: number } {
  const { seed } = world.parameters;
  const { xMax, yMax } = world.measures;
  return {
    x: inMiddle(randomUint32(seed, tick, entity, SALT_X), xMax),
    y: inMiddle(randomUint32(seed, tick, entity, SALT_Y), yMax),
  };
}

function inMiddle(bits: number, max: number): number {
  const clear = Math.floor(max / CLEAR_PARTS);
  return clear + scaleRandom(bits, max + 1 - 2 * clear);
}
