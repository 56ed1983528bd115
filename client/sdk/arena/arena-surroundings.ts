import type { TickFrame } from "#shared/net/tick-frame.ts";
import type { ArenaParameters, ArenaSelf } from "#shared/sim/index.ts";
import { EntityStore } from "../../interpolation/entity-store.ts";
import { createArenaMotion } from "../../interpolation/motion.ts";
import { ArenaPrediction } from "../../prediction/arena-prediction.ts";
import type { Surroundings } from "../client-world.ts";
import type { ArenaSessionEvent } from "../session-types.ts";
import { readArenaEvent, readKnownEntity } from "./arena-read.ts";
import type { ArenaTypes } from "./arena-types.ts";

/** Everyone in an arena who is in sight. */
export class ArenaSurroundings implements Surroundings<ArenaTypes> {
  readonly others: EntityStore;
  readonly #options: { readonly parameters: ArenaParameters; readonly entityId: number };

  constructor(options: { readonly parameters: ArenaParameters; readonly entityId: number }) {
    const { parameters } = options;
    const motion = createArenaMotion(parameters);
    this.#options = options;
    this.others = new EntityStore({ motion, read: readKnownEntity, parameters });
  }

  get stateChecks(): number {
    return this.others.stateChecks;
  }

  get stateMismatches(): number {
    return this.others.stateMismatches;
  }

  apply(frame: TickFrame): void {
    this.others.apply(frame);
  }

  events(frame: TickFrame): ArenaSessionEvent[] {
    return Array.from({ length: frame.events.count }, (_, row) => readArenaEvent(frame, row));
  }

  acknowledged({ hasSelf, sequence, self }: TickFrame) {
    if (!hasSelf) return undefined;
    // What is acknowledged is kept, and the frame is filled again.
    const kept: ArenaSelf = { ...self, controls: { ...self.controls } };
    return { sequence, self: kept };
  }

  predict(): ArenaPrediction {
    const { parameters, entityId } = this.#options;
    return new ArenaPrediction({ parameters, entity: entityId });
  }
}
