import { expect, test } from "bun:test";
import { LimitSearch } from "./limit-search.ts";

/** Searches where up to `limit` players hold, and lists what was tried. */
function search(limit: number, start: number, max = 12_000) {
  const found = new LimitSearch(start, max);
  const tried: number[] = [];
  for (let players = found.next; players !== undefined; players = found.next) {
    tried.push(players);
    found.tell(players, players <= limit);
  }
  return { tried, found };
}

test.each([
  [1, 1],
  [7, 200],
  [150, 200],
  [200, 200],
  [333, 100],
  [4_321, 200],
  [9_999, 1_000],
])("a limit of %p is found from %p on, to one in twenty", (limit, start) => {
  const { found, tried } = search(limit, start);
  expect(found.held).toBeLessThanOrEqual(limit);
  expect(limit - found.held).toBeLessThanOrEqual(Math.max(1, limit * 0.05));
  expect(tried.length).toBeLessThanOrEqual(14);
  expect(new Set(tried).size).toBe(tried.length);
});

test("it ends at the greatest number that may be tried", () => {
  const { found, tried } = search(Number.POSITIVE_INFINITY, 5_000, 8_000);
  expect(tried).toEqual([5_000, 7_500, 8_000]);
  expect(found).toMatchObject({ held: 8_000, broke: undefined });
});

test("a target that holds nobody is told as 0", () => {
  const { found } = search(0, 100);
  expect(found.held).toBe(0);
});
