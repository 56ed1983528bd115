import { describe, expect, test } from "bun:test";
import { emptyRect, rectContains, watch } from "./interest.ts";

const grid = { columns: 8, rows: 8, cellSize: 256 };
const size = { width: 800, height: 600 };

describe("watch", () => {
  test("covers the viewport and its margin", () => {
    const rect = emptyRect();
    watch(rect, grid, { x: 1_000, y: 1_000, ...size });
    expect(rect).toEqual({ left: 2, top: 2, right: 6, bottom: 6 });
  });

  test("ends at the world's edges", () => {
    const rect = emptyRect();
    watch(rect, grid, { x: 0, y: 2_000, ...size });
    expect(rect).toEqual({ left: 0, top: 6, right: 2, bottom: 8 });
  });

  test("stepping to and fro over a border changes nothing after the first step", () => {
    const rect = emptyRect();
    watch(rect, grid, { x: 1_000, y: 1_000, ...size });
    watch(rect, grid, { x: 1_030, y: 1_000, ...size });
    const widened = { ...rect };
    for (const x of [1_000, 1_030, 1_000, 1_030]) {
      watch(rect, grid, { x, y: 1_000, ...size });
      expect(rect).toEqual(widened);
    }
  });

  test("after a jump only the new surroundings are watched", () => {
    const rect = emptyRect();
    watch(rect, grid, { x: 200, y: 200, width: 300, height: 300 });
    watch(rect, grid, { x: 1_800, y: 1_800, width: 300, height: 300 });
    expect(rectContains(rect, 0, 0)).toBe(false);
    expect(rectContains(rect, 7, 7)).toBe(true);
    expect((rect.right - rect.left) * (rect.bottom - rect.top)).toBeLessThanOrEqual(9);
  });
});
