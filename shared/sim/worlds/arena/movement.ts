// Movement without fractions and without memory.
//
// At 30 ticks a second, 96 units a second are 32 tenths a tick; at 36 they are 26.67. Rounding each
// tick makes players slower at some rates than at others, a fractional position differs between
// what is simulated and what is sent, and a carried remainder is state to store, send and predict.
// Instead the distance is a function of time: one who always moves has covered
// S(t) = floor(960 * t / rate) tenths by the end of tick t, and tick t's step is S(t) - S(t - 1).
// Steps differ by one tenth at most, the speed is exact on average at every rate, and any number of
// ticks of unchanged motion is one subtraction, which is how clients follow others without news.

import { clamp } from "../../kernel/math.ts";
import { ARENA_SPEED } from "./constants.ts";

/**
 * Tenths of a unit per axis that a moving player covers from the end of tick `fromTick` to the end
 * of tick `toTick`.
 */
export function arenaTravel(fromTick: number, toTick: number, tickRate: number): number {
  return (
    Math.floor((ARENA_SPEED * toTick) / tickRate) - Math.floor((ARENA_SPEED * fromTick) / tickRate)
  );
}

/**
 * Position on one axis after moving on by `distance`, which is the direction (-1, 0 or 1) times
 * `arenaTravel`; `max` is the axis' end. Equal to stepping tick by tick, also along an edge.
 */
export function advanceArena(position: number, distance: number, max: number): number {
  return clamp(position + distance, 0, max);
}
