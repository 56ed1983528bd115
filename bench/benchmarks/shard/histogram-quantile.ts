import type { MetricsText } from "../../load/metrics-text.ts";

/**
 * The value that the given share (0 to 1) of what was observed between two readings does not
 * exceed, in the histogram's unit; within its bucket it is interpolated. What lies beyond the last
 * bound counts as that bound, so bars must lie below it. When nothing was observed, which is no
 * measurement, it is an error.
 */
export function histogramQuantile(
  before: MetricsText,
  after: MetricsText,
  wanted: { readonly name: string; readonly share: number },
): number {
  const { name, share } = wanted;
  const earlier = new Map(before.buckets(name).map(({ upTo, count }) => [upTo, count]));
  const counts = after
    .buckets(name)
    .map(({ upTo, count }) => ({ upTo, count: count - (earlier.get(upTo) ?? 0) }));
  const rank = share * (counts.at(-1)?.count ?? 0);
  if (rank === 0) throw new Error(`cannot take a quantile of ${name}: nothing was observed`);
  let lower = { upTo: 0, count: 0 };
  for (const bucket of counts) {
    if (bucket.upTo === Number.POSITIVE_INFINITY) break;
    if (bucket.count >= rank) {
      const part = (rank - lower.count) / (bucket.count - lower.count);
      return lower.upTo + part * (bucket.upTo - lower.upTo);
    }
    lower = bucket;
  }
  return lower.upTo;
}
