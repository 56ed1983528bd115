import { RejectionReason } from "#proto/frame_pb.ts";
import type { ActionRule } from "../../../kernel/action-rule.ts";
import { isPassable, placeBlock } from "../blocks/block-behaviours.ts";
import { Block } from "../blocks/block-ids.ts";
import { ItemHome } from "../chunks/item-homes.ts";
import { BLOCKS_UNIT, BUILD_REACH, HITBOX_HALF, LAYER_ACTIVE } from "../constants.ts";
import { takeFromSlot } from "../entities/bags.ts";
import { middleOf } from "../entities/entities.ts";
import { isBody } from "../entities/kinds.ts";
import { rowsAround } from "../entities/nearby.ts";
import { isPlaceable } from "../items/items.ts";
import { cellAt } from "../layout.ts";
import type { BlocksPlace } from "../messages.ts";
import type { BlocksWorld } from "../world.ts";
import { blockIn, setHome } from "../write-block.ts";
import { bagOf, cellInReach, ownStack } from "./reach.ts";

interface BuildPlace {
  readonly place?: BlocksPlace | undefined;
  readonly slot: number;
}

/** Set a block out of a slot where Air is, and nobody. */
export const buildPlace: ActionRule<BlocksWorld, BuildPlace> = {
  durable: true,

  check(world, row, { place, slot }) {
    const own = ownStack(world, row, slot);
    if ("reason" in own) return own.reason;
    if (!isPlaceable(own.stack.item)) return RejectionReason.INVALID;
    const found = cellInReach(world, row, { place, reach: BUILD_REACH });
    if ("reason" in found) return found.reason;
    if (blockIn(world, found.cell) !== Block.Air) return RejectionReason.OCCUPIED;
    const inTheWay = place?.layer === LAYER_ACTIVE && !isPassable(own.stack.item, 0);
    return inTheWay && isSomebodyAt(world, place) ? RejectionReason.OCCUPIED : null;
  },

  apply(world, row, { place, slot }) {
    const own = ownStack(world, row, slot);
    if ("reason" in own || place === undefined) return;
    takeFromSlot(world, bagOf(world, row), slot, 1);
    const cell = cellAt(world.shape, place);
    placeBlock(world, cell, own.stack.item);
    setHome(world, cell, ItemHome.Here);
  },
};

/** Whether the hitbox of a living body reaches into a block. */
export function isSomebodyAt(
  world: BlocksWorld,
  block: { readonly x: number; readonly y: number },
): boolean {
  const { ids, columns } = world.entities;
  const middle = middleOf(block);
  const touch = BLOCKS_UNIT / 2 + HITBOX_HALF;
  // Whoever moved since the tick began did so by less than a block.
  const { rows, count } = rowsAround(world, middle, touch + BLOCKS_UNIT);
  for (let index = 0; index < count; index++) {
    const row = rows[index] ?? 0;
    if (ids[row] === 0 || columns.health[row] === 0 || !isBody(columns.kind[row] ?? 0)) continue;
    const right = Math.abs((columns.x[row] ?? 0) - middle.x);
    const down = Math.abs((columns.y[row] ?? 0) - middle.y);
    if (right < touch && down < touch) return true;
  }
  return false;
}
