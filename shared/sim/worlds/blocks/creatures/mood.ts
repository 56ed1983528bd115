import { divideUp } from "../../../kernel/math.ts";
import type { BlocksWorld } from "../world.ts";

/** What a creature is about; `BlocksEntity.state` on the wire. */
export const Mood = {
  Idle: 0,
  Walk: 1,
  Flee: 2,
  Fight: 3,
  /** On the way to grass. */
  Seek: 4,
  /** Head down. */
  Graze: 5,
} as const;

/** Ticks that a duration takes, at least one. */
export function ticksOf(world: BlocksWorld, durationMs: number): number {
  return Math.max(1, divideUp(durationMs * world.parameters.tickRate, 1000));
}

/** Puts a creature into a mood for so many ticks. */
export function setMood(world: BlocksWorld, row: number, mood: number, ticks: number): void {
  const { columns } = world.entities;
  columns.mood[row] = mood;
  columns.moodEndTick[row] = world.tick + ticks;
}
