import { RejectionReason } from "#proto/frame_pb.ts";
import type { ActionRule } from "../../../kernel/action-rule.ts";
import { rowOf } from "../../../kernel/entity-table.ts";
import { ATTACK_COOLDOWN_MS, ATTACK_DAMAGE, ATTACK_REACH } from "../constants.ts";
import { ticksOf } from "../creatures/mood.ts";
import { hurt } from "../entities/damage.ts";
import { isBody } from "../entities/kinds.ts";
import type { BlocksWorld } from "../world.ts";
import { entityInReach } from "./reach.ts";

/** Strike a living body within reach, at most every half second. */
export const attack: ActionRule<BlocksWorld, { readonly entity: number }> = {
  durable: false,

  check(world, row, { entity }) {
    const found = entityInReach(world, row, { entity, reach: ATTACK_REACH });
    if ("reason" in found) return found.reason;
    const { kind, health, attackReadyTick } = world.entities.columns;
    if (!isBody(kind[found.target] ?? 0)) return RejectionReason.INVALID;
    if (health[found.target] === 0) return RejectionReason.UNAVAILABLE;
    return world.tick < (attackReadyTick[row] ?? 0) ? RejectionReason.COOLDOWN : null;
  },

  apply(world, row, { entity }) {
    const { attackReadyTick } = world.entities.columns;
    attackReadyTick[row] = world.tick + ticksOf(world, ATTACK_COOLDOWN_MS);
    hurt(world, { attackerRow: row, row: rowOf(world.entities, entity) }, ATTACK_DAMAGE);
  },
};
