import type { Log } from "#shared/infra/log.ts";
import type { Gauge, Metrics } from "#shared/infra/metrics.ts";
import { isTrouble, SHIP_STATES, type ShipPlace, type ShipStatus } from "./ship-status.ts";

export interface ShipWatchOptions {
  /** Undefined: nothing is shipped. */
  ship: ShipPlace | undefined;
  log: Log;
  metrics: Metrics;
}

/** What the shard's process knows of the shipping: it tells the log, the metrics and the bus. */
export class ShipWatch {
  readonly #log: Log;
  readonly #states: Gauge;
  #status: ShipStatus;
  #fenced: (reason: string) => void = () => undefined;
  #ticks: () => { committed: number; rate: number } = () => ({ committed: 0, rate: 1 });

  constructor({ ship, log, metrics }: ShipWatchOptions) {
    this.#log = log;
    const state = ship === undefined ? "off" : "connecting";
    this.#status = { state, shippedTick: 0, generation: "", text: "" };
    if (ship === undefined) {
      log.info("no replica: the local file is all there is; TESSERA_LIBSQL_URL names a server");
    }
    metrics.gaugeOf("tessera_replica_lag_ticks", "Committed ticks that the replica lacks.", () => {
      return this.lagTicks;
    });
    metrics.gaugeOf("tessera_replica_lag_seconds", "How far the replica is behind.", () => {
      return this.lagTicks / this.#ticks().rate;
    });
    this.#states = metrics.gauge(
      "tessera_replica_state",
      "1 for the state in which the shipping to the replica is.",
      ["state"],
    );
    this.#show();
  }

  /** From when the shard serves: how far it is, and what to do when a later owner was found. */
  serve(ticks: () => { committed: number; rate: number }, fenced: (reason: string) => void): void {
    this.#ticks = ticks;
    this.#fenced = fenced;
    if (this.#status.state === "fenced") fenced(this.#status.text);
  }

  get status(): ShipStatus {
    return this.#status;
  }

  /** 0 where nothing is shipped. */
  get lagTicks(): number {
    if (this.#status.state === "off") return 0;
    return Math.max(0, this.#ticks().committed - this.#status.shippedTick);
  }

  /** The persistence Worker's news. */
  heard(status: ShipStatus): void {
    const before = this.#status;
    this.#status = status;
    this.#show();
    if (before.state === status.state && before.text === status.text) return;
    if (isTrouble(status.state)) this.#log.warning(status.text, { replica: status.state });
    else this.#log.info(status.text, { replica: status.state, tick: status.shippedTick });
    if (status.state === "fenced") this.#fenced(status.text);
  }

  #show(): void {
    for (const state of SHIP_STATES) {
      this.#states.set({ state }, state === this.#status.state ? 1 : 0);
    }
  }
}
