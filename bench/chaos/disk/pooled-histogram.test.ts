import { expect, test } from "bun:test";
import { MetricsText } from "../../load/metrics-text.ts";
import { PooledHistogram } from "./pooled-histogram.ts";

function reading(...counts: readonly (readonly [upTo: string, count: number])[]): MetricsText {
  return new MetricsText(
    counts.map(([upTo, count]) => `tick_bucket{le="${upTo}"} ${count}`).join("\n"),
  );
}

test("stretches are taken together, without what was before and between them", () => {
  const histogram = new PooledHistogram("tick");
  histogram.add(
    reading(["1", 5], ["2", 5], ["+Inf", 5]),
    reading(["1", 55], ["2", 55], ["+Inf", 55]),
  );
  histogram.add(
    reading(["1", 90], ["2", 90], ["+Inf", 90]),
    reading(["1", 90], ["2", 140], ["+Inf", 140]),
  );
  expect(histogram.count).toBe(100);
  expect(histogram.percentile(0.25)).toBe(0.5);
  expect(histogram.percentile(0.5)).toBe(1);
  expect(histogram.percentile(0.75)).toBe(1.5);
});

test.each([
  ["nothing", [], 0],
  [
    "what is beyond the last bound",
    [
      ["1", 0],
      ["2", 1],
      ["+Inf", 10],
    ],
    2,
  ],
] as const)("the percentile of %s", (_, counts, expected) => {
  const histogram = new PooledHistogram("tick");
  histogram.add(reading(), reading(...counts));
  expect(histogram.percentile(0.99)).toBe(expected);
});
