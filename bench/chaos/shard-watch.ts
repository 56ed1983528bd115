import type { Clock } from "#shared/time/clock.ts";
import type { BareShard } from "../load/bare-shard.ts";
import { bucketPercentile, type MetricsText } from "../load/metrics-text.ts";

const LOOK_MS = 100;

/** What a shard went through in a stretch of time. */
export interface WatchFigures {
  readonly rssBytesMax: number;
  /** Share of a core over all its threads. */
  readonly cpuPercent: number;
  /** Upper bound of the histogram's bucket. */
  readonly tickLatenessP99Ms: number;
  readonly ticksSkipped: number;
  /** What it closed, by code. */
  readonly closed: (code: number) => number;
}

/** Looks at a shard while something is done to it. */
export async function watchShard<T>(
  shard: BareShard,
  clock: Clock,
  action: () => Promise<T>,
): Promise<{ result: T; figures: WatchFigures }> {
  let rssBytesMax = 0;
  let isOver = false;
  const startMs = clock.monotonicMs();
  const usageBefore = await shard.usage();
  const before = await shard.metrics();
  const look = async () => {
    const { rssBytes } = await shard.usage();
    rssBytesMax = Math.max(rssBytesMax, rssBytes);
    if (!isOver) clock.schedule(LOOK_MS, () => void look().catch(() => undefined));
  };
  try {
    await look();
    const result = await action();
    const after = await shard.metrics();
    const cpuSeconds = (await shard.usage()).cpuSeconds - usageBefore.cpuSeconds;
    const cpuPercent = (100_000 * cpuSeconds) / (clock.monotonicMs() - startMs);
    return { result, figures: { ...compare(before, after), rssBytesMax, cpuPercent } };
  } finally {
    isOver = true;
  }
}

function compare(
  before: MetricsText,
  after: MetricsText,
): Omit<WatchFigures, "rssBytesMax" | "cpuPercent"> {
  const name = "tessera_tick_lateness_seconds";
  const grown = (metric: string, labels: Readonly<Record<string, string>> = {}) =>
    after.sum(metric, labels) - before.sum(metric, labels);
  return {
    tickLatenessP99Ms: bucketPercentile(before, after, { name, share: 0.99 }) * 1_000,
    ticksSkipped: grown("tessera_ticks_skipped_total"),
    closed: (code) => grown("tessera_gateway_closed_total", { code: String(code) }),
  };
}
