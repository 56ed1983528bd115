/** The numbers that the server tells operators. */
import type { Counter, Gauge, Histogram, Metrics } from "#shared/infra/metrics.ts";

export interface ServerMetrics {
  readonly process: Metrics;
  readonly requests: Histogram;
  readonly inFlight: Gauge;
  readonly errors: Counter;
  readonly limited: Counter;
  readonly logins: Counter;
  readonly mails: Counter;
  readonly joins: Counter;
  readonly watchers: Gauge;
  readonly fenced: Counter;
  readonly webhooks: Counter;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Registers the server's families. */
export function createServerMetrics(process: Metrics): ServerMetrics {
  return {
    process,
    requests: process.histogram("tessera_requests_seconds", "Time a procedure took.", {
      buckets: SECONDS,
      labelNames: ["procedure", "code"],
    }),
    inFlight: process.gauge("tessera_requests_in_flight", "Procedures that run."),
    errors: process.counter("tessera_request_errors_total", "Procedures that ended in an error.", [
      "procedure",
      "code",
    ]),
    limited: process.counter(
      "tessera_limited_requests_total",
      "Requests refused by a limit, by class of call and by what was counted.",
      ["class", "by"],
    ),
    logins: process.counter("tessera_logins_total", "Attempts to log in, by kind and result.", [
      "kind",
      "result",
    ]),
    mails: process.counter("tessera_mails_total", "Attempts to deliver a mail, by result.", [
      "result",
    ]),
    joins: process.counter("tessera_joins_total", "Answers of worlds.join, by world and result.", [
      "world",
      "result",
    ]),
    watchers: process.gauge(
      "tessera_population_watchers",
      "Open streams of worlds.watchPopulation.",
    ),
    fenced: process.counter(
      "tessera_bus_fenced_total",
      "Bus messages of shards that were not the owner any more.",
    ),
    webhooks: process.counter("tessera_webhook_attempts_total", "Webhooks sent, by result.", [
      "result",
    ]),
  };
}
