import { RejectionReason } from "#proto/frame_pb.ts";
import { CHEST_SLOTS, SLOTS } from "../../constants.ts";
import { hasRoom, putIntoBag, stackIn, takeFromSlot } from "../../entities/bags.ts";
import { freeChestSlot, stackInChest, writeChestSlot } from "../../entities/chests.ts";
import { openChest } from "../../entities/open-chests.ts";
import { bagOf } from "../reach.ts";
import type { Interaction } from "./interaction.ts";

/** Choices from here on put the stack of an own slot in. */
const PUT_FROM = 101;

/** Opens a chest, takes a stack out or puts one in: whole stacks, from one to the other. */
export const chest: Interaction = {
  check(world, row, { on, choice }) {
    if (choice === 0) return null;
    const bag = bagOf(world, row);
    const taken = choice - 1;
    if (taken >= 0 && taken < CHEST_SLOTS) {
      const stack = stackInChest(world, on, taken);
      if (stack.count === 0) return RejectionReason.UNAVAILABLE;
      return hasRoom(world, bag, stack) ? null : RejectionReason.OCCUPIED;
    }
    const put = choice - PUT_FROM;
    if (!(put >= 0 && put < SLOTS)) return RejectionReason.INVALID;
    if (stackIn(world, bag, put).count === 0) return RejectionReason.UNAFFORDABLE;
    return freeChestSlot(world, on) === -1 ? RejectionReason.OCCUPIED : null;
  },

  apply(world, row, { on, choice }) {
    const bag = bagOf(world, row);
    openChest(world, bag, on);
    if (choice === 0) return;
    if (choice < PUT_FROM) {
      const slot = choice - 1;
      const stack = stackInChest(world, on, slot);
      writeChestSlot(world, on, { slot, stack: { item: 0, count: 0 } });
      putIntoBag(world, bag, stack);
    } else {
      const slot = choice - PUT_FROM;
      const stack = stackIn(world, bag, slot);
      takeFromSlot(world, bag, slot, stack.count);
      writeChestSlot(world, on, { slot: freeChestSlot(world, on), stack });
    }
  },
};
