import type { CellChanges } from "#shared/time/cell-changes.ts";
import type { CellRegister } from "#shared/time/cell-register.ts";
import type { Stamp } from "#shared/time/hybrid-clock.ts";

/** What a tick of a mirrored world begins with. */
export interface TickStamp {
  readonly region: string;
  readonly stamp: Stamp;
  /** Writes with later stamps are from a clock that was wrong: they are given this one. */
  readonly anewAfter?: Stamp | undefined;
  /** Tombstones with earlier stamps are forgotten. */
  readonly forgetBefore?: Stamp | undefined;
}

/** What a tick did to the land; valid until the next one. */
export interface LandStep {
  readonly tick: number;
  /** What was written here, for the other regions. */
  readonly written: CellChanges;
  /** Of the writes of others that this tick was given: those that did not count. */
  readonly lost: number;
}

/** The part of a world that several regions have in common. */
export interface MirroredLand {
  /** Its own to change; others may look between two ticks. */
  readonly register: CellRegister;
  /** The greatest stamp that was given or seen in it. */
  readonly seen: Stamp;
  /** Asked for a stamp by each tick from here on, and told of each. */
  mirror(parts: { stamp: () => TickStamp; stepped: (step: LandStep) => void }): void;
  /** Gives the next tick what others wrote. */
  queueRemote(changes: CellChanges): void;
}
