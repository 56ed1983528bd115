import { trimChunks } from "./chunks/chunk-map.ts";
import { clearEffects } from "./effects.ts";
import type { BlocksInput } from "./messages.ts";
import { updateBlocks } from "./systems/update-blocks.ts";
import type { BlocksWorld } from "./world.ts";

/** Ticks are 32 bits wide and the timers look ahead: at 60 ticks a second this is 828 days. */
const TICK_MAX = 0xffff_ffff - 100_000;

/**
 * Advances the world by one tick: blocks that were woken, then this tick's inputs in their order. A
 * pure function of the world's state and the inputs; `world.effects` tells what happened.
 */
export function stepBlocks(world: BlocksWorld, _inputs: readonly BlocksInput[]): void {
  if (world.tick >= TICK_MAX) {
    throw new RangeError(`cannot step blocks: tick ${TICK_MAX} is the last; start a new world`);
  }
  world.tick += 1;
  world.chunks.tick = world.tick;
  clearEffects(world.effects);
  updateBlocks(world);
  trimChunks(world.chunks);
}
