// A persistence Worker over a disk that takes as long for each commit as an experiment orders.
import { dirname } from "node:path";
import { createRandom, type Random } from "#shared/sim/index.ts";
import { systemClock } from "#shared/time/clock.ts";
import { serveStore } from "../../../shards/persistence/serve-store.ts";
import type { Store, StoreBatch } from "../../../shards/persistence/store.ts";
import { openShippedStore } from "../../../shards/replication/shipped-store.ts";
import { pause } from "../run/waiting.ts";
import { type DiskOrder, DiskOrders } from "./disk-orders.ts";

serveStore(async (options) => {
  const store = await openShippedStore(options);
  const disk = new SlowDisk(store, new DiskOrders(dirname(options.path)));
  store.write = (batch) => disk.write(batch);
  return store;
});

/** What stands between the Worker and its database. */
class SlowDisk {
  readonly #orders: DiskOrders;
  readonly #store: Store;
  readonly #write: Store["write"];
  readonly #chance = new Chance();
  /** What it claimed to have written and has not. */
  readonly #owed: StoreBatch[] = [];
  #paying = Promise.resolve();

  constructor(store: Store, orders: DiskOrders) {
    this.#store = store;
    this.#orders = orders;
    this.#write = store.write.bind(store);
  }

  async write(batch: StoreBatch): Promise<boolean[]> {
    const order = this.#orders.ordered;
    if (order?.isLying === true) return this.#claim(batch);
    await this.#paying;
    return await this.#writeLate(batch, this.#chance.pick(order));
  }

  async #writeLate(batch: StoreBatch, delayMs: number): Promise<boolean[]> {
    if (delayMs > 0) await pause(systemClock, delayMs);
    const fresh = await this.#write(batch);
    this.#orders.noteCommitted(this.#store.tick);
    return fresh;
  }

  #claim(batch: StoreBatch): boolean[] {
    this.#owed.push(batch);
    if (this.#owed.length === 1) this.#paying = this.#pay();
    return batch.tickets.map(() => true);
  }

  /** Writes what is owed, all that has come by then at once. */
  async #pay(): Promise<void> {
    while (this.#owed.length > 0) {
      await pause(systemClock, this.#chance.pick(this.#orders.ordered));
      const owed = [...this.#owed];
      await this.#writeLate(
        {
          records: owed.flatMap(({ records }) => records),
          tickets: owed.flatMap(({ tickets }) => tickets),
          told: owed.flatMap(({ told }) => told),
        },
        0,
      );
      this.#owed.splice(0, owed.length);
    }
  }
}

/** The same seed gives the same delays. */
class Chance {
  #seed = Number.NaN;
  #random: Random = createRandom(0);

  pick(order: DiskOrder | undefined): number {
    if (order === undefined) return 0;
    if (order.seed !== this.#seed) this.#random = createRandom(order.seed);
    this.#seed = order.seed;
    return order.msMin + this.#random.below(order.msMax - order.msMin + 1);
  }
}
