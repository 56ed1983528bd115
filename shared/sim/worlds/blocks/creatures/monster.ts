import { BlocksKind } from "../entities/kinds.ts";
import type { CreatureBehaviour } from "./behaviour.ts";
import { fight, turnOn } from "./fight.ts";
import { nearestPlayer } from "./find.ts";
import { traitsOf } from "./traits.ts";
import { wander } from "./wander.ts";

/** For how long it hunts one whom it no longer sees. */
const REMEMBERS_MS = 2000;

/** Hunts players whom it sees. */
export const monster: CreatureBehaviour = {
  decide: wander,

  look(world, row) {
    if (fight(world, row)) return;
    const prey = nearestPlayer(world, row, traitsOf(BlocksKind.Monster).detects);
    if (prey !== -1) turnOn(world, row, { target: prey, durationMs: REMEMBERS_MS });
  },
};
