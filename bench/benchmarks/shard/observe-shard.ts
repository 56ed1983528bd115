import { systemClock } from "#shared/time/clock.ts";
import type { BareShard } from "../../load/bare-shard.ts";
import type { MetricsText } from "../../load/metrics-text.ts";
import type { ProcessUsage } from "../../load/process-usage.ts";

/** What a shard had done at a moment. */
export interface ShardReading {
  readonly atMs: number;
  readonly metrics: MetricsText;
  readonly usage: ProcessUsage;
}

/** A shard over some seconds, and what was measured meanwhile. */
export interface Observed<T> {
  readonly result: T;
  readonly before: ShardReading;
  readonly after: ShardReading;
  /** Greatest that was seen. */
  readonly rssBytes: number;
}

/** Memory is looked at so often. */
const MEMORY_MS = 1_000;

/** Reads everything, lets `measure` work for so long, reads everything again. */
export async function observeShard<T>(
  shard: BareShard,
  seconds: number,
  measure: () => Promise<T>,
): Promise<Observed<T>> {
  const before = await read(shard);
  let rssBytes = before.usage.rssBytes;
  const timer = setInterval(async () => {
    rssBytes = Math.max(rssBytes, (await shard.usage()).rssBytes);
  }, MEMORY_MS);
  const measuring = measure();
  await Bun.sleep(seconds * 1_000);
  const after = await read(shard);
  clearInterval(timer);
  return { result: await measuring, before, after, rssBytes };
}

async function read(shard: BareShard): Promise<ShardReading> {
  const metrics = await shard.metrics();
  const atMs = systemClock.monotonicMs();
  return { atMs, metrics, usage: await shard.usage() };
}
