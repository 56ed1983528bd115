import { describe, expect, test } from "bun:test";
import { MetricsText } from "../../load/metrics-text.ts";
import { histogramQuantile } from "./histogram-quantile.ts";

function reading(...counts: readonly [upTo: string, count: number][]): MetricsText {
  return new MetricsText(
    counts.map(([upTo, count]) => `t_bucket{le="${upTo}"} ${count}`).join("\n"),
  );
}

describe("a quantile between two readings", () => {
  const before = reading(["1", 10], ["2", 10], ["+Inf", 10]);
  const after = reading(["1", 60], ["2", 110], ["+Inf", 112]);
  test.each([
    [0.25, 0.51],
    [0.5, 1.02],
    [50 / 102, 1],
    [100 / 102, 2],
  ])("of %d counts what came in between, and is interpolated", (share, value) => {
    expect(histogramQuantile(before, after, { name: "t", share })).toBeCloseTo(value, 9);
  });

  test("beyond the last bound is that bound", () => {
    expect(histogramQuantile(before, after, { name: "t", share: 0.99 })).toBe(2);
  });

  test("of nothing is an error", () => {
    const wanted = { name: "t", share: 0.99 };
    expect(() => histogramQuantile(before, before, wanted)).toThrow("nothing was observed");
    expect(() => histogramQuantile(before, after, { name: "u", share: 0.5 })).toThrow(
      "cannot take a quantile of u",
    );
  });
});
