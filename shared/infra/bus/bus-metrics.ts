import type { Metrics } from "#shared/infra/metrics.ts";
import type { Bus } from "./bus.ts";
import type { TopicFigures } from "./bus-figures.ts";

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
