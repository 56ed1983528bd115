import { RejectionReason } from "#proto/frame_pb.ts";
import type { ActionRule } from "../../../kernel/action-rule.ts";
import type { ArenaWorld } from "../world.ts";

/** Start an attack: stand still for its duration and strike at the end of this tick. */
export const attack: ActionRule<ArenaWorld, unknown> = {
  durable: false,

  check(world, row) {
    const { respawnTick, attackReadyTick } = world.players.columns;
    if (respawnTick[row] !== 0) return RejectionReason.DEAD;
    return world.tick >= (attackReadyTick[row] ?? 0) ? null : RejectionReason.COOLDOWN;
  },

  apply(world, row) {
    const { ids, columns } = world.players;
    const { attackTicks, cooldownTicks } = world.measures;
    columns.attackEndTick[row] = world.tick + attackTicks - 1;
    columns.attackReadyTick[row] = world.tick + cooldownTicks;
    world.scratch.strikers.push(ids[row] ?? 0);
  },
};
