// Numbers for operators in Prometheus' text form; the only file that knows prom-client.
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { type Clock, systemClock } from "#shared/time/clock.ts";

export type { Counter, Gauge, Histogram, Registry } from "prom-client";

export interface MetricsOptions {
  /** Which process speaks: server, shard, bots. */
  readonly process: string;
  /** On every line, for example region and world. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
}

export interface HistogramOptions {
  /** Upper bounds, ascending. */
  readonly buckets?: readonly number[];
  readonly labelNames?: readonly string[];
}

/** One line of a family. */
export interface LabelledValue {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The metrics of one process; every name starts with `tessera_`. */
export interface Metrics {
  readonly registry: Registry;
  /** Only ever grows; its name ends in `_total`. */
  counter(name: string, help: string, labelNames?: readonly string[]): Counter;
  /** A counter that is kept elsewhere, a value for each set of labels, read when asked for. */
  counterOf(name: string, help: string, read: () => readonly LabelledValue[]): Counter;
  gauge(name: string, help: string, labelNames?: readonly string[]): Gauge;
  /** A gauge that is read when somebody asks; with labels, a value for each set of them. */
  gaugeOf(name: string, help: string, read: () => number | readonly LabelledValue[]): Gauge;
  histogram(name: string, help: string, options?: HistogramOptions): Histogram;
  /** The text that `/metrics` answers. */
  render(): Promise<string>;
  readonly contentType: string;
  /** Stops the event-loop probe. */
  close(): void;
}

const PROBE_INTERVAL_MS = 20;
const LAG_BUCKETS_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** A registry with the families that every process has: memory, CPU, event-loop lag, uptime. */
export function createMetrics(options: MetricsOptions): Metrics {
  const { process: processName, labels = {}, clock = systemClock } = options;
  const registry = new Registry();
  registry.setDefaultLabels({ process: processName, ...labels });
  const registers = [registry];

  const metrics: Metrics = {
    registry,
    counter: (name, help, labelNames = []) =>
      new Counter({ name: checkName(name), help, labelNames: [...labelNames], registers }),
    counterOf: (name, help, read) => {
      const [first] = read();
      const labelNames = Object.keys(first?.labels ?? {});
      function collect(this: Counter): void {
        this.reset();
        for (const { labels = {}, value } of read()) this.inc(labels, value);
      }
      return new Counter({ name: checkName(name), help, labelNames, registers, collect });
    },
    gauge: (name, help, labelNames = []) =>
      new Gauge({ name: checkName(name), help, labelNames: [...labelNames], registers }),
    gaugeOf: (name, help, read) => {
      const first = read();
      const labelNames = typeof first === "number" ? [] : Object.keys(first[0]?.labels ?? {});
      function collect(this: Gauge): void {
        const found = read();
        const values = typeof found === "number" ? [{ value: found }] : found;
        this.reset();
        for (const { labels = {}, value } of values) this.set(labels, value);
      }
      return new Gauge({ name: checkName(name), help, labelNames, registers, collect });
    },
    histogram: (name, help, { buckets, labelNames = [] } = {}) =>
      new Histogram({
        name: checkName(name),
        help,
        labelNames: [...labelNames],
        registers,
        ...(buckets && { buckets: [...buckets] }),
      }),
    render: () => registry.metrics(),
    contentType: registry.contentType,
    close: () => stopProbe(),
  };
  addProcessFamilies(metrics, clock);
  const stopProbe = probeEventLoop(metrics, clock);
  return metrics;
}

function addProcessFamilies(metrics: Metrics, clock: Clock): void {
  const startMs = clock.monotonicMs();
  metrics.gaugeOf("tessera_process_resident_memory_bytes", "Memory held from the system.", () =>
    process.memoryUsage.rss(),
  );
  metrics.gaugeOf(
    "tessera_process_heap_bytes",
    "JavaScript objects at the last collection.",
    () => process.memoryUsage().heapUsed,
  );
  metrics.gaugeOf("tessera_process_uptime_seconds", "Time since the start.", () => {
    return (clock.monotonicMs() - startMs) / 1000;
  });
  metrics.counterOf("tessera_process_cpu_seconds_total", "Processor time used.", () => {
    const { user, system } = process.cpuUsage();
    return [
      { labels: { mode: "user" }, value: user / 1e6 },
      { labels: { mode: "system" }, value: system / 1e6 },
    ];
  });
}

/** How late timers fire, which is how long something blocked the loop. */
function probeEventLoop(metrics: Metrics, clock: Clock): () => void {
  const lag = metrics.histogram(
    "tessera_event_loop_lag_seconds",
    "How much later than asked a timer fired.",
    { buckets: LAG_BUCKETS_SECONDS },
  );
  let cancel = schedule();
  function schedule(): () => void {
    const dueMs = clock.monotonicMs() + PROBE_INTERVAL_MS;
    return clock.schedule(PROBE_INTERVAL_MS, () => {
      lag.observe(Math.max(0, clock.monotonicMs() - dueMs) / 1000);
      cancel = schedule();
    });
  }
  return () => cancel();
}

function checkName(name: string): string {
  if (/^tessera_[a-z][a-z0-9_]*$/.test(name)) return name;
  throw new Error(`cannot add metric ${name}: names are tessera_ and lower-case words`);
}
