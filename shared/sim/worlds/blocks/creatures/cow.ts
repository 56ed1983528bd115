import { animalWith } from "./animal.ts";
import { Mood, setMood, ticksOf } from "./mood.ts";
import { stop } from "./steer.ts";
import { wander } from "./wander.ts";

const CHEWS_MS = 8000;

/** Chews the cud: after a meal it stands for a long while. */
export const cow = animalWith({
  roam(world, row) {
    if (world.entities.columns.mood[row] !== Mood.Graze) {
      wander(world, row);
      return;
    }
    stop(world, row);
    setMood(world, row, Mood.Idle, ticksOf(world, CHEWS_MS));
  },
});
