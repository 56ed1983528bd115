// Regions as processes, each on its own cable to a broker, and what they wrote: the last value of
// every cell that only one region writes to, and cells that all of them write to at once.
import type { Random } from "#shared/sim/kernel/random.ts";
import type { Clock } from "#shared/time/clock.ts";
import { type Broker, type BrokerName, startBroker } from "../../regions/brokers.ts";
import { Cable } from "../../regions/cable.ts";
import type { RegionState } from "../../regions/orders.ts";
import { RegionProcess } from "../../regions/region-process.ts";
import { pause } from "../run/waiting.ts";

const REGIONS = ["ap-south-1", "eu-west-1", "us-east-1"];
/** Cells of each region's own, and of all together. */
const OWN_CELLS = 500;
const SHARED_CELLS = 50;
/** Rows of the world: shared cells are in the first, a region's own further down. */
const SHARED_ROW = 0;
const LOOK_MS = 50;

/** The broker of a run: 0 is Redis, 1 NATS, 2 one of them by the seed. */
export function brokerOf(nats: number, seed: number): BrokerName {
  const isNats = nats === 1 || (nats === 2 && seed % 2 === 0);
  return isNats ? "nats" : "redis";
}

/** One region with its cable, and what it has written to its own cells. */
export interface CutRegion {
  readonly process: RegionProcess;
  readonly cable: Cable;
  readonly row: number;
  readonly written: Map<number, number>;
}

/** Regions on one broker. */
export class CutRegions implements AsyncDisposable {
  readonly regions: readonly CutRegion[];
  writes = 0;
  readonly #clock: Clock;
  readonly #broker: Broker;
  readonly #random: Random;

  private constructor(options: {
    regions: readonly CutRegion[];
    broker: Broker;
    clock: Clock;
    random: Random;
  }) {
    this.regions = options.regions;
    this.#clock = options.clock;
    this.#broker = options.broker;
    this.#random = options.random;
  }

  static async start(options: {
    broker: BrokerName;
    count: number;
    clock: Clock;
    random: Random;
  }): Promise<CutRegions> {
    const { count, clock, random } = options;
    const broker = await startBroker(options.broker);
    const names = REGIONS.slice(0, count);
    const regions: CutRegion[] = [];
    for (const [index, region] of names.entries()) {
      const cable = await Cable.to(broker.port);
      const process = await RegionProcess.start({
        ...{ region, regions: names, bus: broker.at(cable.port) },
        ...{ batchCount: 100, flushMs: 100, compression: index === 1 ? "gzip" : "zstd" },
        tickMs: 33,
      });
      regions.push({ process, cable, row: 10 + index, written: new Map() });
    }
    return new CutRegions({ regions, broker, clock, random });
  }

  /** Each region writes to its own cells and to those of all, for a time. */
  async write(ms: number): Promise<void> {
    const endMs = this.#clock.monotonicMs() + ms;
    while (this.#clock.monotonicMs() < endMs) {
      for (const one of this.regions) this.#writeIn(one);
      await pause(this.#clock, LOOK_MS);
    }
  }

  /** Waits until all have the same hash; how long that took, or undefined. */
  async converge(withinMs: number): Promise<number | undefined> {
    const startMs = this.#clock.monotonicMs();
    for (;;) {
      const states = await this.ask();
      const waitedMs = this.#clock.monotonicMs() - startMs;
      const isDone = states.every(({ hash, waiting }) => hash === states[0]?.hash && waiting === 0);
      if (isDone) return waitedMs;
      if (waitedMs > withinMs) return undefined;
      await pause(this.#clock, LOOK_MS);
    }
  }

  /** The broker loses all that it holds, and is there again. */
  async wipe(): Promise<void> {
    await this.#broker.wipe();
  }

  ask(): Promise<RegionState[]> {
    return Promise.all(this.regions.map(({ process }) => process.ask()));
  }

  /** Cells of which some region does not have what was written last. */
  async countLost(): Promise<number> {
    let lost = 0;
    for (const { row, written } of this.regions) {
      const cells = [...written.keys()];
      const asked = cells.flatMap((x) => [x, row]);
      for (const { process } of this.regions) {
        const { values } = await process.ask(asked);
        lost += cells.filter((x, at) => values[at] !== written.get(x)).length;
      }
    }
    return lost;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { process, cable } of this.regions) {
      await process[Symbol.asyncDispose]();
      await cable[Symbol.asyncDispose]();
    }
    await this.#broker[Symbol.asyncDispose]();
  }

  #writeIn({ process, row, written }: CutRegion): void {
    const writes: number[] = [];
    for (let left = 4; left > 0; left -= 1) {
      this.writes += 1;
      const x = this.#random.below(OWN_CELLS);
      written.set(x, this.writes);
      writes.push(x, row, this.writes);
    }
    writes.push(this.#random.below(SHARED_CELLS), SHARED_ROW, this.#random.below(1_000));
    this.writes += 1;
    process.tell({ order: "write", writes });
  }
}
