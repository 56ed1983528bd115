import { BLOCKS_UNIT } from "../constants.ts";
import { BlocksKind } from "../entities/kinds.ts";
import { distanceSquared } from "../entities/nearby.ts";
import { animalWith } from "./animal.ts";
import { nearestOf, placeOfRow } from "./find.ts";
import { Mood, setMood, ticksOf } from "./mood.ts";
import { turnTo } from "./steer.ts";
import { wander } from "./wander.ts";

/** How far it sees its flock, and how near is near enough. */
const FLOCK = 16 * BLOCKS_UNIT;
const TOGETHER = 4 * BLOCKS_UNIT;
const FOLLOWS_MS = 2000;

/** Keeps with the flock: when it has rested it goes where the next sheep is. */
export const sheep = animalWith({
  roam(world, row) {
    const isRested = world.entities.columns.mood[row] === Mood.Idle;
    const other = isRested ? nearestOf(world, row, { kind: BlocksKind.Sheep, reach: FLOCK }) : -1;
    const place = placeOfRow(world, other === -1 ? row : other);
    if (distanceSquared(world, row, place) <= TOGETHER * TOGETHER) {
      wander(world, row);
      return;
    }
    setMood(world, row, Mood.Walk, ticksOf(world, FOLLOWS_MS));
    turnTo(world, row, place);
  },
});
