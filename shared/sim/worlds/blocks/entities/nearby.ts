// Who is where: the rows of all but items by chunk, sorted once in a tick when somebody first asks,
// and again after somebody came or was put elsewhere. Who walked since then may have left its
// chunk, so whoever uses it looks at the rows themselves again.

import { fillGrid, type Grid } from "../../../kernel/grid.ts";
import { BLOCKS_UNIT, CHUNK_SIDE } from "../constants.ts";
import type { BlocksWorld } from "../world.ts";
import { BlocksKind } from "./kinds.ts";

const CHUNK_LENGTH = CHUNK_SIDE * BLOCKS_UNIT;

function nearbyGrid(world: BlocksWorld): Grid {
  const { nearby } = world;
  if (nearby.tick !== world.tick) {
    nearby.tick = world.tick;
    fill(world, nearby.grid);
  }
  return nearby.grid;
}

/** Somebody is where nobody was: sorts anew for the next who asks. */
export function forgetNearby({ nearby }: BlocksWorld): void {
  nearby.tick = -1;
}

/**
 * Rows of all but items in the chunks that a square around a place touches, ascending within each
 * chunk. Always the same array, valid until the next call; its first `count` numbers count.
 */
export function rowsAround(
  world: BlocksWorld,
  { x, y }: { readonly x: number; readonly y: number },
  reach: number,
): { readonly rows: Int32Array; readonly count: number } {
  const { starts, members } = nearbyGrid(world);
  const { columns, rows } = world.shape;
  const left = Math.max(0, Math.floor((x - reach) / CHUNK_LENGTH));
  const right = Math.min(columns - 1, Math.floor((x + reach) / CHUNK_LENGTH));
  const top = Math.max(0, Math.floor((y - reach) / CHUNK_LENGTH));
  const bottom = Math.min(rows - 1, Math.floor((y + reach) / CHUNK_LENGTH));
  const found = world.nearby.rows;
  let count = 0;
  for (let row = top; row <= bottom; row++) {
    const first = starts[row * columns + left] ?? 0;
    const last = starts[row * columns + right + 1] ?? 0;
    for (let place = first; place < last; place++) found[count++] = members[place] ?? 0;
  }
  return { rows: found, count };
}

/** Square of the distance between an entity and a place, in hundredths. */
export function distanceSquared(
  world: BlocksWorld,
  row: number,
  place: { readonly x: number; readonly y: number },
): number {
  const { x, y } = world.entities.columns;
  const right = (x[row] ?? 0) - place.x;
  const down = (y[row] ?? 0) - place.y;
  return right * right + down * down;
}

/** Whether a place is within reach of an entity. */
export function isWithin(
  world: BlocksWorld,
  row: number,
  { x, y, reach }: { readonly x: number; readonly y: number; readonly reach: number },
): boolean {
  return distanceSquared(world, row, { x, y }) <= reach * reach;
}

function fill(world: BlocksWorld, grid: Grid): void {
  const { ids, rowCount, columns } = world.entities;
  const { kind, x, y } = columns;
  const width = world.shape.columns;
  for (let row = 0; row < rowCount; row++) {
    // A land is full of what lies about, and nobody looks for that.
    if (ids[row] === 0 || kind[row] === BlocksKind.Item) {
      grid.cells[row] = -1;
      continue;
    }
    const chunkX = Math.floor((x[row] ?? 0) / CHUNK_LENGTH);
    const chunkY = Math.floor((y[row] ?? 0) / CHUNK_LENGTH);
    grid.cells[row] = chunkY * width + chunkX;
  }
  fillGrid(grid, rowCount);
}
