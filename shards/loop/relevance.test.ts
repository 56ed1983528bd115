import { expect, test } from "bun:test";
import { ARENA_PARAMETERS } from "#shared/sim/index.ts";
import { StreamBench } from "../testing/stream-bench.ts";
import { relevanceOf } from "./relevance.ts";

/** Cells 0 to 6 are watched along each side. */
const WATCHED = { left: 0, top: 0, right: 7, bottom: 7 };
const CELL = 100;
const OWN = { x: 350, y: 350 };

interface Place {
  readonly x: number;
  readonly y: number;
}

function relevanceAmong(others: readonly Place[]): number {
  const bench = new StreamBench({ ...ARENA_PARAMETERS, cellSize: CELL });
  const entity = bench.join("ann", OWN);
  for (const [index, place] of others.entries()) bench.join(`other-${index}`, place);
  return relevanceOf(entity, WATCHED, bench.world);
}

const crowd = (count: number, place: Place) =>
  Array.from({ length: count }, (_, index) => ({ x: place.x + index, y: place.y }));

test.each([
  ["nobody else", [], 0],
  ["others out of sight", crowd(20, { x: 900, y: 900 }), 0],
  ["one at the far end of what is in sight", [{ x: 10, y: 10 }], 1],
  ["many, but all farther than a cell's side", crowd(20, { x: 610, y: 610 }), 1],
  ["one in the cell beside", [{ x: 250, y: 450 }], 2],
  ["one in the same cell", [{ x: 399, y: 399 }], 2],
  ["eight in the same cell", crowd(8, OWN), 2],
  ["one near, seven far", [{ x: 349, y: 350 }, ...crowd(7, { x: 610, y: 610 })], 2],
  ["nine in the same cell", crowd(9, OWN), 3],
  ["one near, eight far", [{ x: 349, y: 350 }, ...crowd(8, { x: 610, y: 610 })], 3],
  ["a great crowd", crowd(60, { x: 320, y: 320 }), 3],
] as const)("%s", (_, others, relevance) => {
  expect(relevanceAmong(others)).toBe(relevance);
});

test("who is in the world no more is not judged by where it was", () => {
  const bench = new StreamBench({ ...ARENA_PARAMETERS, cellSize: CELL });
  const entity = bench.join("ann", OWN);
  bench.world.inputs.leave(entity);
  bench.tick();
  expect(relevanceOf(entity, WATCHED, bench.world)).toBe(3);
});

test("who returned from death elsewhere does not count as its own company", () => {
  const bench = new StreamBench({ ...ARENA_PARAMETERS, cellSize: CELL });
  const entity = bench.join("ann", { x: 1_500, y: 1_500 });
  expect(relevanceOf(entity, WATCHED, bench.world)).toBe(0);
  bench.join("bob", OWN);
  expect(relevanceOf(entity, WATCHED, bench.world)).toBe(1);
});
