import { expect, test } from "bun:test";
import { cellAt, neighboursOf, placeOf, shapeOf } from "./layout.ts";

const SHAPE = shapeOf(3, 2);

test("every place has a cell of its own, and every cell its place", () => {
  const seen = new Set<number>();
  for (let layer = 0; layer < 3; layer++) {
    for (let y = 0; y < 32; y++) {
      for (let x = 0; x < 48; x++) {
        const cell = cellAt(SHAPE, { x, y, layer });
        expect(placeOf(SHAPE, cell)).toEqual({ x, y, layer });
        seen.add(cell);
      }
    }
  }
  expect(seen.size).toBe(48 * 32 * 3);
});

test.each([
  { x: -1, y: 0, layer: 0 },
  { x: 48, y: 0, layer: 0 },
  { x: 0, y: 32, layer: 0 },
  { x: 0, y: 0, layer: 3 },
  { x: 0, y: 0, layer: -1 },
  { x: Number.NaN, y: 0, layer: 0 },
])("%p is outside", (place) => {
  expect(cellAt(SHAPE, place)).toBe(-1);
});

test("neighbours are beside a cell, in its layer, across the edges of chunks", () => {
  for (let y = 0; y < 32; y++) {
    for (let x = 0; x < 48; x++) {
      const expected = [
        [x - 1, y],
        [x + 1, y],
        [x, y - 1],
        [x, y + 1],
      ].map(([x = 0, y = 0]) => cellAt(SHAPE, { x, y, layer: 1 }));
      expect([...neighboursOf(SHAPE, cellAt(SHAPE, { x, y, layer: 1 }))]).toEqual(expected);
    }
  }
});
