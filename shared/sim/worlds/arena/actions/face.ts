import { RejectionReason } from "#proto/frame_pb.ts";
import type { ActionRule } from "../../../kernel/action-rule.ts";
import type { ArenaWorld } from "../world.ts";

/** Turn without moving. One who moves sideways is turned back at once by the movement. */
export const face: ActionRule<ArenaWorld, { readonly right: boolean }> = {
  durable: false,

  check(world, row) {
    const { respawnTick, attackEndTick } = world.players.columns;
    if (respawnTick[row] !== 0) return RejectionReason.DEAD;
    return attackEndTick[row] === 0 ? null : RejectionReason.BUSY;
  },

  apply(world, row, { right }) {
    world.players.columns.facingRight[row] = right ? 1 : 0;
  },
};
