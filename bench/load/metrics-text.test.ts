import { expect, test } from "bun:test";
import { bucketPercentile, MetricsText } from "./metrics-text.ts";

const text = (fast: number, slow: number) => `# HELP x_seconds Some help.
# TYPE x_seconds histogram
x_seconds_bucket{le="0.001",process="shard"} ${fast}
x_seconds_bucket{le="0.01",process="shard"} ${fast}
x_seconds_bucket{le="+Inf",process="shard"} ${fast + slow}
x_seconds_sum{process="shard"} 1.5e-3
y_total{code="1000",note="a \\"b\\", c"} 3
y_total{code="4007"} 4
z 12`;

test("sums by name and labels", () => {
  const metrics = new MetricsText(text(1, 0));
  expect(metrics.sum("y_total")).toBe(7);
  expect(metrics.sum("y_total", { code: "4007" })).toBe(4);
  expect(metrics.sum("z")).toBe(12);
  expect(metrics.sum("x_seconds_sum")).toBe(0.0015);
  expect(metrics.sum("nothing")).toBe(0);
});

test("percentiles are of what was observed between two readings", () => {
  const percentile = (share: number, [fast, slow]: [number, number]) =>
    bucketPercentile(new MetricsText(text(100, 0)), new MetricsText(text(100 + fast, slow)), {
      name: "x_seconds",
      share,
    });
  expect(percentile(0.99, [99, 1])).toBe(0.001);
  expect(percentile(0.99, [90, 10])).toBe(Number.POSITIVE_INFINITY);
  expect(percentile(0.99, [0, 0])).toBe(0);
});
