import { RejectionReason } from "#proto/frame_pb.ts";
import type { ActionRule } from "../../../kernel/action-rule.ts";
import { rowOf } from "../../../kernel/entity-table.ts";
import { ARENA_CREDITS_MAX } from "../constants.ts";
import { changeCredits } from "../lasting.ts";
import type { ArenaWorld } from "../world.ts";

/** Give one credit to another player in the world, wherever both are, alive or dead. */
export const give: ActionRule<ArenaWorld, { readonly entity: number }> = {
  durable: true,

  check(world, row, { entity }) {
    const { credits } = world.players.columns;
    const to = rowOf(world.players, entity);
    if (to === row) return RejectionReason.INVALID;
    if (credits[row] === 0) return RejectionReason.UNAFFORDABLE;
    const takes = to !== -1 && (credits[to] ?? 0) < ARENA_CREDITS_MAX;
    return takes ? null : RejectionReason.UNAVAILABLE;
  },

  apply(world, row, { entity }) {
    changeCredits(world, row, -1);
    changeCredits(world, rowOf(world.players, entity), 1);
  },
};
