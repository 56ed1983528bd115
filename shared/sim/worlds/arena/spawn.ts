import { randomUint32, scaleRandom } from "../../kernel/random.ts";
import type { ArenaWorld } from "./world.ts";

const SALT_X = 1;
const SALT_Y = 2;

/**
 * Where an entity appears in a tick. Depends on the seed, the entity and the tick alone, so that a
 * client foresees its own return.
 */
export function spawnPlace(
  world: ArenaWorld,
  entity: number,
  tick: number,
): { readonly x: number; readonly y: number } {
  const { seed } = world.parameters;
  const { xMax, yMax } = world.measures;
  return {
    x: scaleRandom(randomUint32(seed, tick, entity, SALT_X), xMax + 1),
    y: scaleRandom(randomUint32(seed, tick, entity, SALT_Y), yMax + 1),
  };
}
