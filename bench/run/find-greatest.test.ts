import { expect, test } from "bun:test";
import { findGreatest } from "./find-greatest.ts";

const RANGE = { start: 1_000, max: 12_000, precision: 0.05, attemptsMax: 12 };

test.each([300, 1_000, 1_700, 7_777, 11_900])(
  "a limit of %d is found from below",
  async (limit) => {
    const found = await findGreatest(RANGE, async (load) => load <= limit);
    expect(found).toBeLessThanOrEqual(limit);
    expect(found).toBeGreaterThanOrEqual(limit * 0.94);
  },
);

test("what holds everything is tried up to the maximum and no further", async () => {
  const tried: number[] = [];
  const found = await findGreatest(RANGE, async (load) => tried.push(load) > 0);
  expect(found).toBe(12_000);
  expect(Math.max(...tried)).toBe(12_000);
});

test("one hiccup is no limit, two in a row are", async () => {
  let calls = 0;
  const hiccup = async () => {
    calls += 1;
    return calls !== 1;
  };
  expect(await findGreatest({ ...RANGE, max: 1_000 }, hiccup)).toBe(1_000);
  expect(await findGreatest({ ...RANGE, attemptsMax: 3 }, async () => false)).toBe(0);
});
