import type { Metrics } from "#shared/infra/metrics.ts";

/** What is measured of the loop. */
export interface LoopMetrics {
  /** A tick ran: how late it started and how long it took. */
  ticked(latenessMs: number, durationMs: number): void;
  skippedTicks(ticks: number): void;
}

const BUCKETS_SECONDS = [
  0.0005, 0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.008, 0.01, 0.016, 0.033, 0.066, 0.25,
];

/** The loop's families on `/metrics`. */
export function createLoopMetrics(metrics: Metrics): LoopMetrics {
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
  return {
    ticked(latenessMs, durationMs) {
      lateness.observe(latenessMs / 1_000);
      duration.observe(durationMs / 1_000);
    },
    skippedTicks: (ticks) => skipped.inc(ticks),
  };
}
