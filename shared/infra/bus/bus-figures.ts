import type { LabelledValue, Metrics } from "#shared/infra/metrics.ts";
import type { Bus } from "./bus.ts";

/** What is counted of each topic. */
export interface TopicFigures {
  /** Handed to the bus, in either way. */
  published: number;
  /** Delivered to handlers here. */
  consumed: number;
  /** Lost at a bound, on the way to a broker that went away, unreadable, or refused. */
  dropped: number;
  /** Came before, or were in the hands of somebody who did not deal with them. */
  redelivered: number;
  /** Sent and not yet held by the bus, or published and not yet on their way. */
  inFlight: number;
}

/** Counts by topic, of one process. */
export class BusFigures {
  readonly #topics = new Map<string, TopicFigures>();

  constructor(topics: readonly string[]) {
    for (const topic of topics) this.of(topic);
  }

  of(topic: string): TopicFigures {
    const known = this.#topics.get(topic);
    if (known !== undefined) return known;
    const figures = { published: 0, consumed: 0, dropped: 0, redelivered: 0, inFlight: 0 };
    this.#topics.set(topic, figures);
    return figures;
  }

  read(what: keyof TopicFigures): LabelledValue[] {
    return [...this.#topics].map(([topic, figures]) => ({
      labels: { topic },
      value: figures[what],
    }));
  }
}

/** Shows operators how a process's bus is. */
export function addBusMetrics(metrics: Metrics, bus: Bus): void {
  const counter = (what: keyof TopicFigures, help: string) =>
    metrics.counterOf(`tessera_bus_${what}_total`, help, () => bus.figures.read(what));
  counter("published", "Messages that this process handed to the bus.");
  counter("consumed", "Messages that this process was given.");
  counter("dropped", "Messages lost: at a bound, with a broker, or unreadable.");
  counter("redelivered", "Messages that came again.");
  metrics.gaugeOf("tessera_bus_in_flight", "Messages on their way to the bus.", () =>
    bus.figures.read("inFlight"),
  );
  metrics.gaugeOf("tessera_bus_connected", "1 while messages reach the others.", () =>
    bus.connected ? 1 : 0,
  );
  metrics.counterOf("tessera_bus_reconnects_total", "Connections after the first.", () => [
    { value: Math.max(0, bus.connections - 1) },
  ]);
}
