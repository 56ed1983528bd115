// The deliberate actions of the world of blocks, one file each. A new action of the protocol does
// not compile until it has its line here.

import { RejectionReason } from "#proto/frame_pb.ts";
import type { ActionRule } from "../../../kernel/action-rule.ts";
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

type BlocksActionValues = {
  [Case in BlocksActionCase]: Extract<KnownAction, { readonly case: Case }>["value"];
};

type BlocksActionRules = {
  readonly [Case in BlocksActionCase]: ActionRule<BlocksWorld, BlocksActionValues[Case]>;
};

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

function applyKnown<Case extends BlocksActionCase>(
  world: BlocksWorld,
  row: number,
  action: {
    [Each in Case]: { readonly case: Each; readonly value: BlocksActionValues[Each] };
  }[Case],
): RejectionReason | null {
  const rule: BlocksActionRules[Case] = blocksActions[action.case];
  const reason = rule.check(world, row, action.value);
  if (reason === null) rule.apply(world, row, action.value);
  return reason;
}
