import type { Metrics } from "#shared/infra/metrics.ts";

/** What is measured of the loop. */
export interface LoopMetrics {
  /** A tick ran: how late it started and how long it took. */
  ticked(latenessMs: number, durationMs: number): void;
  skippedTicks(ticks: number): void;
  /** A tick was committed so long after it was handed to storage. */
  committed(latencyMs: number): void;
}

const BUCKETS_SECONDS = [
  0.0005, 0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.008, 0.01, 0.016, 0.033, 0.066, 0.25,
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
    skippedTicks: (ticks) => skipped.inc(ticks),
    committed: (latencyMs) => commits.observe(latencyMs / 1_000),
  };
}
