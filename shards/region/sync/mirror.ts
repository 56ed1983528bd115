import type { CellRegister } from "#shared/time/cell-register.ts";
import type { Stamp } from "#shared/time/hybrid-clock.ts";
import type { RegionChangeSet } from "./outgoing-changes.ts";

/** What came of changes from other regions. */
export interface Applied {
  /** Writes that an own or other write which is later stood against. */
  readonly lost: number;
}

/**
 * A mirrored world, as region sync meets it. What is asked of it here becomes inputs of its next
 * tick, so it is in the journal.
 */
export interface Mirror {
  /** The world's cells; only the world writes to it. */
  readonly register: CellRegister;
  /** Resolves once the changes are applied and in the database; rejects when they will not be. */
  apply(changes: RegionChangeSet, from: string): Promise<Applied>;
  /** Resolves once all that the register holds now is in the database. */
  settled(): Promise<void>;
  /** Gives writes with stamps after `limit` new ones: they are from a clock that was wrong. */
  stampAnew(limit: Stamp): void;
  /** Forgets tombstones with stamps before `end`. */
  forgetGone(end: Stamp): void;
}
