// A grid of square cells over the world, and the rows in each cell by counting sort: two passes
// over all rows, no allocation, and each cell lists its rows in ascending order. It is derived from
// the state whenever it is needed and never kept, so it cannot disagree with it.

/** How a world is cut into cells; the cells at the far edges may be narrower. */
export interface GridShape {
  /** Length of a cell's side, in the unit of the positions. */
  readonly cellSize: number;
  readonly columns: number;
  readonly rows: number;
}

/** Cells with what is in them; valid from `fillGrid` until the state changes. */
export interface Grid {
  readonly shape: GridShape;
  /** Written by the caller before `fillGrid`: each row's cell, or -1 for a row that is left out. */
  readonly cells: Int32Array;
  /** Cell c holds members[starts[c]] up to members[starts[c + 1]], without the latter. */
  readonly starts: Int32Array;
  readonly members: Int32Array;
}

/** An empty grid for up to `capacity` rows. */
export function createGrid(shape: GridShape, capacity: number): Grid {
  return {
    shape,
    cells: new Int32Array(capacity),
    starts: new Int32Array(shape.columns * shape.rows + 1),
    members: new Int32Array(capacity),
  };
}

/** Column of a position from 0 to the world's width, or row of one from 0 to its height. */
export function cellIndex(position: number, cellSize: number, count: number): number {
  const index = Math.floor(position / cellSize);
  return index < count ? index : count - 1;
}

/** Cell of a position: row * columns + column. */
export function cellAt(x: number, y: number, shape: GridShape): number {
  const row = cellIndex(y, shape.cellSize, shape.rows);
  return row * shape.columns + cellIndex(x, shape.cellSize, shape.columns);
}

/** Sorts the first `rowCount` rows into the cells that `grid.cells` names. */
export function fillGrid(grid: Grid, rowCount: number): void {
  const { cells, starts, members } = grid;
  starts.fill(0);
  for (let row = 0; row < rowCount; row++) {
    const cell = cells[row] ?? -1;
    if (cell >= 0) starts[cell] = (starts[cell] ?? 0) + 1;
  }
  let end = 0;
  for (let cell = 0; cell < starts.length; cell++) {
    end += starts[cell] ?? 0;
    starts[cell] = end;
  }
  // Each cell's end moves down to its start while rows are put in from the last one backwards.
  for (let row = rowCount - 1; row >= 0; row--) {
    const cell = cells[row] ?? -1;
    if (cell < 0) continue;
    const place = (starts[cell] ?? 0) - 1;
    starts[cell] = place;
    members[place] = row;
  }
}
