import { BLOCKS_UNIT } from "../constants.ts";
import { distanceSquared } from "../entities/nearby.ts";
import { animalWith } from "./animal.ts";
import { nearestPlayer, placeOfRow } from "./find.ts";
import { Mood, setMood, ticksOf } from "./mood.ts";
import { face, stop, turnTo } from "./steer.ts";

/** How far it smells somebody, and how near it comes. */
const SMELLS = 5 * BLOCKS_UNIT;
const NOSES = 1.5 * BLOCKS_UNIT;
const TROTS_MS = 1000;

/** Is curious: it trots up to whoever stands near, and looks at them. */
export const pig = animalWith({
  notice(world, row) {
    if (world.entities.columns.mood[row] !== Mood.Idle) return;
    const player = nearestPlayer(world, row, SMELLS);
    if (player === -1) return;
    const place = placeOfRow(world, player);
    if (distanceSquared(world, row, place) <= NOSES * NOSES) {
      stop(world, row);
      face(world, row, place);
      return;
    }
    setMood(world, row, Mood.Walk, ticksOf(world, TROTS_MS));
    turnTo(world, row, place);
  },
});
