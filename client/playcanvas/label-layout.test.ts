import { expect, test } from "bun:test";
import { LabelLayout, NAMES_MAX } from "./label-layout.ts";

/** A name of 60 by 20 pixels. */
function box(id: number, x: number, y = 0) {
  return { id, x, y, width: 60, height: 20, rank: id };
}

test("names that cover each other: the one of lower rank is written", () => {
  const layout = new LabelLayout();
  expect([...layout.choose([box(2, 30), box(1, 0), box(3, 100)])]).toEqual([1, 3]);
});

test("a name that is written stays until it is well covered", () => {
  const layout = new LabelLayout();
  layout.choose([box(2, 0)]);
  // Someone nearer passes by: not over it, then a little, then right over it.
  expect([...layout.choose([box(2, 0), box(1, 90)])]).toEqual([2, 1]);
  expect([...layout.choose([box(2, 0), box(1, 50)])].sort()).toEqual([1, 2]);
  expect([...layout.choose([box(2, 0), box(1, 20)])]).toEqual([1]);
  expect([...layout.choose([box(2, 0), box(1, 50)])]).toEqual([1]);
});

test("the own name, of rank 0, goes before those that are written", () => {
  const layout = new LabelLayout();
  layout.choose([box(2, 0)]);
  expect([...layout.choose([box(2, 0), box(0, 10)])]).toEqual([0]);
});

test("however many there are, so many names are enough", () => {
  const boxes = Array.from({ length: 500 }, (_, index) => box(index + 1, index * 70));
  expect(new LabelLayout().choose(boxes).size).toBe(NAMES_MAX);
});
