import { RejectionReason } from "#proto/frame_pb.ts";
import { forgetNearby } from "../../entities/nearby.ts";
import { spawnPlace } from "../../spawn.ts";
import type { Interaction } from "./interaction.ts";

/**
 * Takes whoever uses it to where players come to be: the way home from wherever one was built. All
 * portals lead there, so none has to know of another, and they are the same in all regions.
 */
export const portal: Interaction = {
  check: (_world, _row, { choice }) => (choice === 0 ? null : RejectionReason.INVALID),

  apply(world, row) {
    const { ids, columns } = world.entities;
    const place = spawnPlace(world, ids[row] ?? 0, world.tick);
    columns.x[row] = place.x;
    columns.y[row] = place.y;
    forgetNearby(world);
  },
};
