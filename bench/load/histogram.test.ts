import { expect, test } from "bun:test";
import { createRandom } from "#shared/sim/index.ts";
import { Histogram } from "./histogram.ts";

const SHARES = [0.5, 0.9, 0.99, 0.999, 1];

/** The same by sorting: the value below or at which the share lies. */
function exactPercentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

const random = createRandom(7);
const distributions: readonly (readonly [name: string, draw: () => number])[] = [
  ["tenths of a millisecond", () => random.below(100) / 1_000],
  ["a few milliseconds", () => random.below(20_000) / 1_000],
  ["a long tail", () => 2 ** (random.below(24_000) / 1_000) / 1_000],
  ["one value", () => 33.3],
];

test.each(distributions)("percentiles of %s are at most 1.6 %% above the exact ones", (_, draw) => {
  const histogram = new Histogram();
  const values = Array.from({ length: 20_000 }, draw);
  for (const value of values) histogram.record(value);
  const sorted = values.toSorted((a, b) => a - b);
  for (const share of SHARES) {
    const exact = exactPercentile(sorted, share);
    const told = histogram.percentile(share);
    expect(told).toBeGreaterThanOrEqual(exact);
    expect(told).toBeLessThanOrEqual(exact * 1.016 + 0.001);
  }
});

test("the greatest and the mean are exact, and percentiles never exceed the greatest", () => {
  const histogram = new Histogram();
  for (const value of [1.5, 2.5, 1_234.567]) histogram.record(value);
  const { count, max, mean, p999 } = histogram.summary();
  expect({ count, max, p999 }).toEqual({ count: 3, max: 1_234.567, p999: 1_234.567 });
  expect(mean).toBeCloseTo(1_238.567 / 3, 9);
});

test("an empty histogram tells 0", () => {
  const nothing = { count: 0, mean: 0, p50: 0, p90: 0, p99: 0, p999: 0, max: 0 };
  expect(new Histogram().summary()).toEqual(nothing);
});

test("hours and negative times are counted at the ends", () => {
  const histogram = new Histogram();
  histogram.record(-3);
  histogram.record(1e9);
  expect(histogram.count).toBe(2);
  expect(histogram.percentile(0.5)).toBe(0);
  expect(histogram.summary().max).toBe(1e9);
});

test("merged histograms tell what one of all would", () => {
  const [one, two, all] = [new Histogram(), new Histogram(), new Histogram()];
  for (let index = 0; index < 1_000; index++) {
    const value = random.below(500_000) / 1_000;
    (index % 3 === 0 ? one : two).record(value);
    all.record(value);
  }
  one.merge(two);
  const { mean, ...rest } = one.summary();
  const { mean: meanOfAll, ...restOfAll } = all.summary();
  expect(rest).toEqual(restOfAll);
  expect(mean).toBeCloseTo(meanOfAll, 6);
  expect(one.buckets()).toEqual(all.buckets());
});
