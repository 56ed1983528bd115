import type { Metrics } from "#shared/infra/metrics.ts";

/** What is measured of the loop. */
export interface LoopMetrics {
  /** A tick ran: how late it started and how long it took. */
  ticked(latenessMs: number, durationMs: number): void;
  /** From the start of the tick before to a tick's start. */
  followed(intervalMs: number): void;
  skippedTicks(ticks: number): void;
  /** A tick was committed so long after it was handed to storage. */
  committed(latencyMs: number): void;
}

const BUCKETS_SECONDS = [
  0.0005, 0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.008, 0.01, 0.016, 0.033, 0.066, 0.25,
];

/** Close around the intervals of 60, 30 and 20 ticks a second. */
const INTERVAL_BUCKETS_SECONDS = [
  0.008, 0.012, 0.015, 0.016, 0.017, 0.018, 0.02, 0.025, 0.03, 0.032, 0.033, 0.034, 0.035, 0.037,
  0.04, 0.045, 0.049, 0.05, 0.051, 0.053, 0.06, 0.07, 0.1, 0.25, 1,
];

const COMMIT_BUCKETS_SECONDS = [
  0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.033, 0.066, 0.125, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];

/** The loop's families on `/metrics`; `watch` gets each tick's figures, not buckets of them. */
export function createLoopMetrics(metrics: Metrics, watch?: LoopMetrics["ticked"]): LoopMetrics {
  const lateness = metrics.histogram(
    "tessera_tick_lateness_seconds",
    "How much later than intended a tick started.",
    { buckets: BUCKETS_SECONDS },
  );
  const duration = metrics.histogram("tessera_tick_duration_seconds", "How long a tick took.", {
    buckets: BUCKETS_SECONDS,
  });
  const interval = metrics.histogram(
    "tessera_tick_interval_seconds",
    "Between the starts of two ticks.",
    { buckets: INTERVAL_BUCKETS_SECONDS },
  );
  const skipped = metrics.counter(
    "tessera_ticks_skipped_total",
    "Ticks given up because the process did not get to run.",
  );
  const commits = metrics.histogram(
    "tessera_commit_latency_seconds",
    "From a tick's end to its commit; what waits for it goes out then.",
    { buckets: COMMIT_BUCKETS_SECONDS },
  );
  return {
    ticked(latenessMs, durationMs) {
      lateness.observe(latenessMs / 1_000);
      duration.observe(durationMs / 1_000);
      watch?.(latenessMs, durationMs);
    },
    followed: (intervalMs) => interval.observe(intervalMs / 1_000),
    skippedTicks: (ticks) => skipped.inc(ticks),
    committed: (latencyMs) => commits.observe(latencyMs / 1_000),
  };
}
