import type { CreatureBehaviour } from "./behaviour.ts";
import { nearestPlayer, placeOfRow } from "./find.ts";
import { flee } from "./flee.ts";
import { Mood } from "./mood.ts";
import { face, stop } from "./steer.ts";
import { wander } from "./wander.ts";

/** How near somebody is greeted. */
const GREETS = 250;

/** Walks about its house, looks at those who come near, and runs when it is hurt. */
export const villager: CreatureBehaviour = {
  decide: wander,

  look(world, row) {
    if (flee(world, row) || world.entities.columns.mood[row] !== Mood.Idle) return;
    const guest = nearestPlayer(world, row, GREETS);
    if (guest === -1) return;
    stop(world, row);
    face(world, row, placeOfRow(world, guest));
  },
};
