import { describe, expect, test } from "bun:test";
import { cellAt, createGrid, fillGrid, type Grid } from "./grid.ts";
import { createRandom } from "./random.ts";

const shape = { cellSize: 100, columns: 3, rows: 2 };

describe("cellAt", () => {
  test.each([
    [0, 0, 0],
    [99, 99, 0],
    [100, 0, 1],
    [299, 0, 2],
    [0, 100, 3],
    [250, 150, 5],
    // The world's far edge belongs to the last cell.
    [300, 200, 5],
  ])("(%d, %d) is in cell %d", (x, y, cell) => {
    expect(cellAt(x, y, shape)).toBe(cell);
  });
});

describe("fillGrid", () => {
  test("lists each cell's rows in ascending order and leaves out what is nowhere", () => {
    const grid = createGrid(shape, 8);
    grid.cells.set([5, 0, 5, -1, 0, 2, 5, -1]);
    fillGrid(grid, 7);
    expect(membersOf(grid)).toEqual([[1, 4], [], [5], [], [], [0, 2, 6]]);
  });

  test("forgets what it held before", () => {
    const grid = createGrid(shape, 4);
    grid.cells.set([1, 1, 1, 1]);
    fillGrid(grid, 4);
    grid.cells.set([2, -1]);
    fillGrid(grid, 2);
    expect(membersOf(grid)).toEqual([[], [], [0], [], [], []]);
  });

  test("agrees with sorting by hand for any placement", () => {
    const seed = 31;
    const random = createRandom(seed);
    const grid = createGrid({ cellSize: 1, columns: 7, rows: 5 }, 60);
    for (let round = 0; round < 200; round++) {
      const rowCount = random.below(61);
      for (let row = 0; row < rowCount; row++) grid.cells[row] = random.below(36) - 1;
      fillGrid(grid, rowCount);
      const expected = Array.from({ length: 35 }, (_, cell) =>
        [...grid.cells.subarray(0, rowCount).entries()]
          .filter(([, value]) => value === cell)
          .map(([row]) => row),
      );
      expect(membersOf(grid), `seed ${seed}, round ${round}`).toEqual(expected);
    }
  });
});

function membersOf(grid: Grid): number[][] {
  return Array.from({ length: grid.starts.length - 1 }, (_, cell) => [
    ...grid.members.subarray(grid.starts[cell], grid.starts[cell + 1]),
  ]);
}
