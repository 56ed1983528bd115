import { RejectionReason } from "#proto/frame_pb.ts";
import type { ActionRule } from "../../../kernel/action-rule.ts";
import { changeCredits } from "../lasting.ts";
import { revive } from "../revive.ts";
import type { ArenaWorld } from "../world.ts";

/** Pay one credit to live again at once instead of waiting. */
export const respawn: ActionRule<ArenaWorld, unknown> = {
  durable: true,

  check(world, row) {
    const { respawnTick, credits } = world.players.columns;
    if (respawnTick[row] === 0) return RejectionReason.ALIVE;
    return credits[row] === 0 ? RejectionReason.UNAFFORDABLE : null;
  },

  apply(world, row) {
    changeCredits(world, row, -1);
    revive(world, row, world.tick);
  },
};
