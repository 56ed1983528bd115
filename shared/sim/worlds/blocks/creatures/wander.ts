import { BLOCKS_UNIT } from "../constants.ts";
import { middleOf } from "../entities/entities.ts";
import { distanceSquared } from "../entities/nearby.ts";
import type { BlocksWorld } from "../world.ts";
import { Mood, setMood, ticksOf } from "./mood.ts";
import { chanceOf, Salt, stop, turn, turnTo } from "./steer.ts";
import { traitsOf } from "./traits.ts";

/** Rests after a walk and walks after a rest, never far from home. */
export function wander(world: BlocksWorld, row: number): void {
  const { columns } = world.entities;
  const traits = traitsOf(columns.kind[row] ?? 0);
  if (columns.mood[row] !== Mood.Idle) {
    stop(world, row);
    setMood(world, row, Mood.Idle, durationOf(world, row, traits.idleMs));
    return;
  }
  setMood(world, row, Mood.Walk, durationOf(world, row, traits.walkMs));
  const home = middleOf({ x: columns.homeX[row] ?? 0, y: columns.homeY[row] ?? 0 });
  const far = traits.wanders * BLOCKS_UNIT;
  if (distanceSquared(world, row, home) > far * far) turnTo(world, row, home);
  else turn(world, row, chanceOf(world, row, { salt: Salt.Direction, below: 8 }));
}

function durationOf(
  world: BlocksWorld,
  row: number,
  [leastMs, mostMs]: readonly [number, number],
): number {
  const span = mostMs - leastMs + 1;
  return ticksOf(world, leastMs + chanceOf(world, row, { salt: Salt.Duration, below: span }));
}
