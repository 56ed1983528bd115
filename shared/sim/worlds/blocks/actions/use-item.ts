import { RejectionReason } from "#proto/frame_pb.ts";
import type { ActionRule } from "../../../kernel/action-rule.ts";
import { USE_REACH } from "../constants.ts";
import { hasRoom, putIntoBag, stackIn, takeFromSlot } from "../entities/bags.ts";
import { ITEM_USES, type ItemUse } from "../items/item-uses.ts";
import { cellAt } from "../layout.ts";
import type { BlocksPlace } from "../messages.ts";
import type { BlocksWorld } from "../world.ts";
import { bagOf, cellInReach, ownStack } from "./reach.ts";

interface UseItem {
  readonly slot: number;
  readonly place?: BlocksPlace | undefined;
}

/** Use an item of one's own, on oneself or on a block, as its kind does. */
export const useItem: ActionRule<BlocksWorld, UseItem> = {
  durable: true,

  check(world, row, { slot, place }) {
    const own = ownStack(world, row, slot);
    if ("reason" in own) return own.reason;
    const use = ITEM_USES.get(own.stack.item);
    if (use === undefined) return RejectionReason.INVALID;
    if (!hasRoomForRest(world, row, { slot, use })) return RejectionReason.OCCUPIED;
    if (use.target === "self") return use.check(world, row);
    const found = cellInReach(world, row, { place, reach: USE_REACH });
    return "reason" in found ? found.reason : use.check(world, found.cell);
  },

  apply(world, row, { slot, place }) {
    const bag = bagOf(world, row);
    const { item } = stackIn(world, bag, slot);
    const use = ITEM_USES.get(item);
    if (use === undefined) return;
    if (use.leaves !== item) takeFromSlot(world, bag, slot, 1);
    if (use.leaves !== item && use.leaves !== 0)
      putIntoBag(world, bag, { item: use.leaves, count: 1 });
    const cell = place === undefined ? -1 : cellAt(world.shape, place);
    use.apply(world, use.target === "self" ? row : cell);
  },
};

/** What is left of an item must go somewhere; the slot itself is free once its last one is used. */
function hasRoomForRest(
  world: BlocksWorld,
  row: number,
  { slot, use }: { readonly slot: number; readonly use: ItemUse },
): boolean {
  const bag = bagOf(world, row);
  const { item, count } = stackIn(world, bag, slot);
  if (use.leaves === 0 || use.leaves === item || count === 1) return true;
  return hasRoom(world, bag, { item: use.leaves, count: 1 });
}
