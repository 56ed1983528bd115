// Hunger is not counted up: it follows from the tick in which an animal would have been full.

import { clamp } from "../../../kernel/math.ts";
import type { BlocksWorld } from "../world.ts";

/** In thousandths: what comes in a second. */
const HUNGER_PER_SECOND = 50;
const HUNGER_MAX = 1000;

/** 0 to 1000. */
export function hungerOf(world: BlocksWorld, row: number): number {
  const ticks = world.tick - (world.entities.columns.fedTick[row] ?? 0);
  const hunger = Math.floor((ticks * HUNGER_PER_SECOND) / world.parameters.tickRate);
  return clamp(hunger, 0, HUNGER_MAX);
}

/** Makes an animal as hungry as this. */
export function setHunger(world: BlocksWorld, row: number, hunger: number): void {
  const ticks = Math.floor((hunger * world.parameters.tickRate) / HUNGER_PER_SECOND);
  world.entities.columns.fedTick[row] = Math.max(0, world.tick - ticks);
}
