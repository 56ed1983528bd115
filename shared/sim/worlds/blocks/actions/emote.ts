import { RejectionReason } from "#proto/frame_pb.ts";
import type { ActionRule } from "../../../kernel/action-rule.ts";
import { EMOTE_MAX } from "../constants.ts";
import type { BlocksWorld } from "../world.ts";

/** Show a feeling; changes nothing, those near are told. */
export const emote: ActionRule<BlocksWorld, { readonly emote: number }> = {
  durable: false,

  check(_world, _row, { emote: number }) {
    const known = Number.isInteger(number) && number >= 0 && number <= EMOTE_MAX;
    return known ? null : RejectionReason.INVALID;
  },

  apply(world, row, { emote: number }) {
    world.effects.emotes.push({ entity: world.entities.ids[row] ?? 0, emote: number });
  },
};
