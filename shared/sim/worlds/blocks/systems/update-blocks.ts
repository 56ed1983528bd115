import { updateBlock } from "../blocks/block-behaviours.ts";
import type { BlocksWorld } from "../world.ts";

/** Blocks updated in one tick; those beyond it come first in the next. */
export const BLOCK_UPDATES_MAX = 16_384;

/** Updates every block that was woken since the last time, once. */
export function updateBlocks(world: BlocksWorld): void {
  const due = world.awake;
  if (due.size === 0) return;
  world.awake = new Set();
  let updates = 0;
  for (const cell of due) {
    if (updates === BLOCK_UPDATES_MAX) break;
    updates += 1;
    due.delete(cell);
    updateBlock(world, cell);
  }
  if (due.size === 0) return;
  for (const cell of world.awake) due.add(cell);
  world.awake = due;
}
