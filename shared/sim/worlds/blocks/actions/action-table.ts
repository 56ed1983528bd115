// The deliberate actions of the world of blocks, one file each. A new action of the protocol does
// not compile until it has its line here.

import { RejectionReason } from "#proto/frame_pb.ts";
import { type ActionRules, type ActionValues, actionApplier } from "../../../kernel/action-rule.ts";
import type { BlocksAction } from "../messages.ts";
import type { BlocksWorld } from "../world.ts";
import { attack } from "./attack.ts";
import { buildBreak } from "./build-break.ts";
import { buildPlace } from "./build-place.ts";
import { drop } from "./drop.ts";
import { emote } from "./emote.ts";
import { interact } from "./interact.ts";
import { pickup } from "./pickup.ts";
import { respawn } from "./respawn.ts";
import { useItem } from "./use-item.ts";

type KnownAction = Exclude<BlocksAction["action"], { readonly case: undefined }>;

/** Names of the actions. */
export type BlocksActionCase = KnownAction["case"];

type BlocksActionRules = ActionRules<BlocksWorld, ActionValues<KnownAction>>;

/** The rule of each action. */
export const blocksActions: BlocksActionRules = {
  interact,
  attack,
  useItem,
  pickup,
  drop,
  buildPlace,
  buildBreak,
  emote,
  respawn,
};

const applyKnown = actionApplier(blocksActions);

/** Whether an action must carry an id and is answered after its commit; see `ActionRule`. */
export function isDurableBlocksAction({ action }: BlocksAction): boolean {
  return action.case !== undefined && blocksActions[action.case].durable;
}

/** Does an action for the player in a row, or says why not. The dead can only come back. */
export function applyBlocksAction(
  world: BlocksWorld,
  row: number,
  { action }: BlocksAction,
): RejectionReason | null {
  if (action.case === undefined) return RejectionReason.INVALID;
  const dead = world.entities.columns.health[row] === 0;
  if (dead && action.case !== "respawn") return RejectionReason.DEAD;
  return applyKnown(world, row, action);
}
