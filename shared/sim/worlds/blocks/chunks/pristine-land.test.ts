import { expect, test } from "bun:test";
import { CHUNK_CELLS } from "../constants.ts";
import { shapeOf } from "../layout.ts";
import { createChunk } from "./chunk.ts";
import { createPristineLand, pristineValue } from "./pristine-land.ts";

test("every cell is as the seed makes it, asked for the first time and again", () => {
  const shape = shapeOf(128, 128);
  const land = createPristineLand(1, shape);
  for (const index of [0, 64 * 128 + 64, 40 * 128 + 90, 128 * 128 - 1]) {
    const { ids, levels } = createChunk(1, shape, index);
    for (let round = 0; round < 2; round++) {
      for (let inside = 0; inside < CHUNK_CELLS; inside++) {
        const value = pristineValue(land, index * CHUNK_CELLS + inside);
        expect(value).toBe(((ids[inside] ?? 0) << 8) | (levels[inside] ?? 0));
      }
    }
  }
  expect(land.runs.size).toBe(4);
});
