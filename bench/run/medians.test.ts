import { expect, test } from "bun:test";
import { median, mergeRuns } from "./medians.ts";

const BARS = [{ metric: "lateness", op: "<=", bound: 5 }] as const;

test("of several runs the median is told, with the spread where a bar hangs on it", () => {
  const runs = [
    { lateness: 4, players: 10 },
    { lateness: 9, players: 30 },
    { lateness: 3, players: 20 },
  ];
  expect(mergeRuns(runs, BARS)).toEqual({
    lateness: 4,
    latenessLowest: 3,
    latenessHighest: 9,
    players: 20,
  });
});

test("one run is told as it is", () => {
  expect(mergeRuns([{ lateness: 4 }], BARS)).toEqual({ lateness: 4 });
});

test("a figure that one run lacks is an error, not a median of fewer", () => {
  expect(() => mergeRuns([{ lateness: 4 }, {}], BARS)).toThrow("one of them lacks lateness");
  expect(() => mergeRuns([], BARS)).toThrow("cannot merge runs");
});

test.each([
  [[1], 1],
  [[1, 2], 1.5],
  [[1, 2, 9], 2],
])("the middle of %j is %d", (sorted, middle) => {
  expect(median(sorted)).toBe(middle);
});
