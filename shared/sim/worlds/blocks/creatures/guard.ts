import { BlocksKind } from "../entities/kinds.ts";
import type { CreatureBehaviour } from "./behaviour.ts";
import { fight, turnOn } from "./fight.ts";
import { nearestOf } from "./find.ts";
import { traitsOf } from "./traits.ts";
import { wander } from "./wander.ts";

/** Patrols, goes for monsters in sight, and strikes back at whoever hurts it. */
export const guard: CreatureBehaviour = {
  decide: wander,

  look(world, row) {
    if (fight(world, row)) return;
    const { detects, hurtMs } = traitsOf(BlocksKind.Guard);
    const monster = nearestOf(world, row, { kind: BlocksKind.Monster, reach: detects });
    if (monster !== -1) turnOn(world, row, { target: monster, durationMs: hurtMs });
  },
};
