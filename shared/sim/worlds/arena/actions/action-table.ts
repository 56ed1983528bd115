// The deliberate actions of the arena, one file each. A new action of the protocol does not compile
// until it has its line here.

import { RejectionReason } from "#proto/frame_pb.ts";
import { type ActionRules, type ActionValues, actionApplier } from "../../../kernel/action-rule.ts";
import type { ArenaAction } from "../messages.ts";
import type { ArenaWorld } from "../world.ts";
import { attack } from "./attack.ts";
import { face } from "./face.ts";
import { give } from "./give.ts";
import { respawn } from "./respawn.ts";

type KnownAction = Exclude<ArenaAction["action"], { readonly case: undefined }>;

type ArenaActionRules = ActionRules<ArenaWorld, ActionValues<KnownAction>>;

/** The rule of each action. */
export const arenaActions: ArenaActionRules = { face, attack, respawn, give };

const applyKnown = actionApplier(arenaActions);

/** Whether an action must carry an id and is answered after its commit; see `ActionRule`. */
export function isDurableArenaAction({ action }: ArenaAction): boolean {
  return action.case !== undefined && arenaActions[action.case].durable;
}

/** Does an action for the player in a row, or says why not. */
export function applyArenaAction(
  world: ArenaWorld,
  row: number,
  { action }: ArenaAction,
): RejectionReason | null {
  if (action.case === undefined) return RejectionReason.INVALID;
  return applyKnown(world, row, action);
}
