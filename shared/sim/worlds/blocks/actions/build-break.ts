import { RejectionReason } from "#proto/frame_pb.ts";
import type { ActionRule } from "../../../kernel/action-rule.ts";
import { digBlock, isBreakable } from "../blocks/block-behaviours.ts";
import { ItemHome } from "../chunks/item-homes.ts";
import { BUILD_REACH, HAND_STRENGTH, PICKAXE_STRENGTH } from "../constants.ts";
import { countInBag } from "../entities/bags.ts";
import { hasItemRoom, layItem } from "../entities/entities.ts";
import { Item } from "../items/items.ts";
import { cellAt, placeOf } from "../layout.ts";
import type { BlocksPlace } from "../messages.ts";
import type { BlocksWorld } from "../world.ts";
import { blockIn, dataIn, homeIn } from "../write-block.ts";
import { bagOf, cellInReach } from "./reach.ts";

/**
 * One blow at a block, with the best tool that one has; what breaks lies there as an item, unless
 * that is elsewhere: what was placed in another region lies there.
 */
export const buildBreak: ActionRule<BlocksWorld, { readonly place?: BlocksPlace | undefined }> = {
  durable: true,

  check(world, row, { place }) {
    const found = cellInReach(world, row, { place, reach: BUILD_REACH });
    return "reason" in found ? found.reason : whyNotDig(world, found.cell);
  },

  apply(world, row, { place }) {
    if (place === undefined) return;
    const armed = countInBag(world, bagOf(world, row), Item.Pickaxe) > 0;
    dig(world, cellAt(world.shape, place), armed ? PICKAXE_STRENGTH : HAND_STRENGTH);
  },
};

/** Why a block cannot be dug, or null. A chest has to be emptied first: nothing in it is lost. */
export function whyNotDig(world: BlocksWorld, cell: number): RejectionReason | null {
  if (!isBreakable(blockIn(world, cell))) return RejectionReason.INVALID;
  if (dataIn(world, cell) !== undefined) return RejectionReason.OCCUPIED;
  return hasItemRoom(world) ? null : RejectionReason.UNAVAILABLE;
}

/** Digs at a block for which `whyNotDig` found no reason. */
export function dig(world: BlocksWorld, cell: number, strength: number): void {
  const home = homeIn(world, cell);
  const { drop } = digBlock(world, cell, strength);
  if (drop !== 0 && home !== ItemHome.Elsewhere)
    layItem(world, placeOf(world.shape, cell), { item: drop, count: 1 });
}
