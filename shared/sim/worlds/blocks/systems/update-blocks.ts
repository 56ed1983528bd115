import { restsThisTick } from "../blocks/behaviours/grass.ts";
import { updateBlock } from "../blocks/block-behaviours.ts";
import type { BlocksWorld } from "../world.ts";

/** Blocks updated in one tick; those beyond it come first in the next. */
export const BLOCK_UPDATES_MAX = 16_384;

/** Updates every block that was woken since the last time, once. */
export function updateBlocks(world: BlocksWorld): void {
  const due = world.awake;
  if (due.size === 0) return;
  world.awake = new Set();
  const waiting: number[] = [];
  let updates = 0;
  for (const cell of due) {
    updates += 1;
    if (updates > BLOCK_UPDATES_MAX) waiting.push(cell);
    else if (world.growing.has(cell) && restsThisTick(world, cell)) world.awake.add(cell);
    else updateBlock(world, cell);
  }
  if (waiting.length > 0) world.awake = new Set([...waiting, ...world.awake]);
}
