// Where a block is. A cell is one place in one layer, and its number says all of it:
//
//   cell = chunk * 768 + layer * 256 + (y & 15) * 16 + (x & 15)      chunk = row * columns + column
//
// x goes right and y down, both from 0 to the world's end.

import { CHUNK_AREA, CHUNK_CELLS, CHUNK_SIDE } from "./constants.ts";

const SIDE_BITS = 4;
const SIDE_MASK = CHUNK_SIDE - 1;

/** A world's sides in blocks and in chunks. */
export interface BlocksShape {
  readonly width: number;
  readonly height: number;
  /** Chunks beside each other. */
  readonly columns: number;
  readonly rows: number;
}

/** A place in whole blocks. */
export interface BlockPlace {
  readonly x: number;
  readonly y: number;
  readonly layer: number;
}

/** The shape of a world of so many chunks. */
export function shapeOf(columns: number, rows: number): BlocksShape {
  return { width: columns * CHUNK_SIDE, height: rows * CHUNK_SIDE, columns, rows };
}

/** Number of the cell at a place, or -1 outside of the world. */
export function cellAt(shape: BlocksShape, place: BlockPlace): number {
  const { x, y, layer } = place;
  if (!isInside(shape, x, y) || !(layer === 0 || layer === 1 || layer === 2)) return -1;
  return chunkAt(shape, x, y) * CHUNK_CELLS + layer * CHUNK_AREA + areaIndex(x, y);
}

/** Place of a cell. */
export function placeOf(shape: BlocksShape, cell: number): BlockPlace {
  const chunk = chunkOf(cell);
  const inside = cell - chunk * CHUNK_CELLS;
  const column = chunk % shape.columns;
  const row = (chunk - column) / shape.columns;
  return {
    x: column * CHUNK_SIDE + (inside & SIDE_MASK),
    y: row * CHUNK_SIDE + ((inside >> SIDE_BITS) & SIDE_MASK),
    layer: inside >> (SIDE_BITS * 2),
  };
}

/** Chunk of a cell. */
export function chunkOf(cell: number): number {
  return Math.floor(cell / CHUNK_CELLS);
}

/** Chunk of a place inside the world. */
export function chunkAt(shape: BlocksShape, x: number, y: number): number {
  return (y >> SIDE_BITS) * shape.columns + (x >> SIDE_BITS);
}

/** Index of a place within a layer of its chunk. */
export function areaIndex(x: number, y: number): number {
  return ((y & SIDE_MASK) << SIDE_BITS) | (x & SIDE_MASK);
}

/** Whether a place in whole blocks is in the world. */
export function isInside(shape: BlocksShape, x: number, y: number): boolean {
  return x >= 0 && y >= 0 && x < shape.width && y < shape.height;
}

const NO_CELL = -1;

/**
 * The four neighbours of a cell in its layer: left, right, up, down; -1 where the world ends.
 * Always the same array, written anew by the next call.
 */
export function neighboursOf(shape: BlocksShape, cell: number): readonly number[] {
  const chunk = chunkOf(cell);
  const inside = cell - chunk * CHUNK_CELLS;
  const x = inside & SIDE_MASK;
  const y = (inside >> SIDE_BITS) & SIDE_MASK;
  const column = chunk % shape.columns;
  const row = (chunk - column) / shape.columns;
  const rowCells = shape.columns * CHUNK_CELLS;
  const far = CHUNK_SIDE - 1;
  const [left, right] = [column > 0, column < shape.columns - 1];
  const [up, down] = [row > 0, row < shape.rows - 1];
  around[0] = x > 0 ? cell - 1 : left ? cell - CHUNK_CELLS + far : NO_CELL;
  around[1] = x < far ? cell + 1 : right ? cell + CHUNK_CELLS - far : NO_CELL;
  around[2] = y > 0 ? cell - CHUNK_SIDE : up ? cell - rowCells + far * CHUNK_SIDE : NO_CELL;
  around[3] = y < far ? cell + CHUNK_SIDE : down ? cell + rowCells - far * CHUNK_SIDE : NO_CELL;
  return around;
}

const around: [number, number, number, number] = [0, 0, 0, 0];
