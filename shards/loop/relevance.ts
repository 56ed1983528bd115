import type { CellGrid } from "../world/shard-world.ts";
import type { CellRect } from "./interest.ts";

/**
 * How much a client would notice of fewer frames. 0: nobody else is in sight; 1: nobody nearer than
 * a cell's side; 2: a few are in sight; 3: many.
 */
export type Relevance = 0 | 1 | 2 | 3;

/** Others in sight that are a few. */
const FEW_MAX = 8;

/** What of a world tells how relevant it is to somebody. */
export interface Company {
  readonly grid: CellGrid;
  /** Cell of an entity, -1 when it is not in the world. */
  cellOf(entity: number): number;
  /** How many are in a cell, counted up to `most`. */
  countIn(cell: number, most: number): number;
}

/**
 * Looks around an entity, cell by cell: a handful of counts that end early, since they are made for
 * every client of a tick just when there is no time.
 */
export function relevanceOf(entity: number, watched: CellRect, company: Company): Relevance {
  const own = company.cellOf(entity);
  // Somebody who comes back from death may have left all that is watched.
  if (own === -1) return 3;
  const { columns } = company.grid;
  const ownColumn = own % columns;
  const ownRow = Math.floor(own / columns);
  let others = 0;
  let isNear = false;
  for (let row = watched.top; row < watched.bottom; row++) {
    for (let column = watched.left; column < watched.right; column++) {
      const cell = row * columns + column;
      const self = cell === own ? 1 : 0;
      const count = company.countIn(cell, FEW_MAX + 1 + self) - self;
      if (count === 0) continue;
      others += count;
      isNear ||= Math.abs(column - ownColumn) <= 1 && Math.abs(row - ownRow) <= 1;
      if (isNear && others > FEW_MAX) return 3;
    }
  }
  if (others === 0) return 0;
  return isNear ? 2 : 1;
}
