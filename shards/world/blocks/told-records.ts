import type { CellLists } from "../cell-lists.ts";

/** Lists of rows by cell, each ended by a node below 0. */
export type MemberLists = Pick<CellLists, "first" | "next" | "value">;

/** Records of entities as all who watch know them, by row; `ToldEntities` says what they mean. */
export interface ToldRecords {
  /** Entity of which the row tells; 0 for none. */
  readonly ids: ArrayLike<number>;
  readonly kinds: ArrayLike<number>;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly vx: ArrayLike<number>;
  readonly vy: ArrayLike<number>;
  /** Gait that says the velocity, or NO_GAIT; a table whose rows are none has none of them. */
  readonly gaits: ArrayLike<number>;
  /** Tick in which it was at x, y. */
  readonly at: ArrayLike<number>;
  readonly wounds: ArrayLike<number>;
  readonly facings: ArrayLike<number>;
  readonly states: ArrayLike<number>;
  readonly items: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
  /** Tick whose frames are the first to tell the record. */
  readonly toldTick: ArrayLike<number>;
  /** The same for more of it than where it is, where it goes and where it faces. */
  readonly lookTick: ArrayLike<number>;
  /** The same for the entity and its name: whoever watches may not know it. */
  readonly cameTick: ArrayLike<number>;
  /** Of the last time that it came from a neighbouring cell, of the time before, and from which. */
  readonly crossedTick: ArrayLike<number>;
  readonly crossedBefore: ArrayLike<number>;
  readonly crossedFrom: ArrayLike<number>;
  /** The rows in each cell. */
  readonly members: MemberLists;
  /** Of the open window: who went out of each cell. */
  readonly gone: CellLists;
  nameOf(row: number): string;
  /** The home region of one that lives elsewhere; empty for all others. */
  homeOf(row: number): string;
  /** Sorts by cell who went out of it after `since`. */
  openWindow(since: number): void;
}
