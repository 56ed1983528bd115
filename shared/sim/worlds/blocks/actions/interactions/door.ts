import { RejectionReason } from "#proto/frame_pb.ts";
import { DOOR_OPEN } from "../../blocks/block-ids.ts";
import { placeOf } from "../../layout.ts";
import { levelIn, setLevel } from "../../write-block.ts";
import { isSomebodyAt } from "../build-place.ts";
import type { Interaction } from "./interaction.ts";

/** Opens a closed door and closes an open one, unless somebody stands in it. */
export const door: Interaction = {
  check(world, _row, { on, choice }) {
    if (choice !== 0) return RejectionReason.INVALID;
    const closes = levelIn(world, on) === DOOR_OPEN;
    return closes && isSomebodyAt(world, placeOf(world.shape, on))
      ? RejectionReason.OCCUPIED
      : null;
  },

  apply(world, _row, { on }) {
    setLevel(world, on, levelIn(world, on) === DOOR_OPEN ? 0 : DOOR_OPEN);
  },
};
