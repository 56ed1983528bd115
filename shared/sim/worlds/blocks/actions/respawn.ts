import { RejectionReason } from "#proto/frame_pb.ts";
import type { ActionRule } from "../../../kernel/action-rule.ts";
import { PLAYER_HEALTH_MAX } from "../constants.ts";
import { revive } from "../entities/damage.ts";
import { spawnPlace } from "../spawn.ts";
import type { BlocksWorld } from "../world.ts";

/** Live again at the spawn point, unhurt; only for the dead. */
export const respawn: ActionRule<BlocksWorld, unknown> = {
  durable: true,

  check(world, row) {
    return world.entities.columns.health[row] === 0 ? null : RejectionReason.ALIVE;
  },

  apply(world, row) {
    const place = spawnPlace(world, world.entities.ids[row] ?? 0, world.tick);
    revive(world, row, { ...place, health: PLAYER_HEALTH_MAX });
  },
};
