import { RejectionReason } from "#proto/frame_pb.ts";
import type { ActionRule } from "../../../kernel/action-rule.ts";
import { DROP_REACH } from "../constants.ts";
import { takeFromSlot } from "../entities/bags.ts";
import { hasItemRoom, layItem } from "../entities/entities.ts";
import { canEnter } from "../movement.ts";
import type { BlocksWorld } from "../world.ts";
import { bagOf, cellInReach, ownStack } from "./reach.ts";

interface Drop {
  readonly slot: number;
  readonly count: number;
  readonly x: number;
  readonly y: number;
}

/** Put items of a slot down on a block where one can walk. */
export const drop: ActionRule<BlocksWorld, Drop> = {
  durable: true,

  check(world, row, { slot, count, x, y }) {
    const own = ownStack(world, row, slot);
    if ("reason" in own) return own.reason;
    if (!Number.isInteger(count) || count < 0) return RejectionReason.INVALID;
    if (count > own.stack.count) return RejectionReason.UNAFFORDABLE;
    const found = cellInReach(world, row, { place: { x, y, layer: 1 }, reach: DROP_REACH });
    if ("reason" in found) return found.reason;
    if (!canEnter(world, x, y)) return RejectionReason.OCCUPIED;
    return hasItemRoom(world) ? null : RejectionReason.UNAVAILABLE;
  },

  apply(world, row, { slot, count, x, y }) {
    const own = ownStack(world, row, slot);
    if ("reason" in own) return;
    const { item, count: all } = own.stack;
    const dropped = count === 0 ? all : count;
    takeFromSlot(world, bagOf(world, row), slot, dropped);
    layItem(world, { x, y }, { item, count: dropped });
  },
};
