import { BLOCKS_UNIT } from "../constants.ts";
import { animalWith } from "./animal.ts";
import { nearestPlayer, placeOfRow } from "./find.ts";
import { Mood, setMood, ticksOf } from "./mood.ts";
import { turnTo } from "./steer.ts";

const SHY = 3 * BLOCKS_UNIT;
const FLUTTERS_MS = 1000;

/** Is shy: it flutters off when somebody comes near. */
export const chicken = animalWith({
  notice(world, row) {
    const player = nearestPlayer(world, row, SHY);
    if (player === -1) return;
    setMood(world, row, Mood.Walk, ticksOf(world, FLUTTERS_MS));
    turnTo(world, row, { ...placeOfRow(world, player), away: true });
  },
});
