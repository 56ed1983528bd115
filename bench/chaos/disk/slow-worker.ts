// A persistence Worker over a disk that takes as long for each commit as an experiment orders.
import { dirname } from "node:path";
import { createRandom, type Random } from "#shared/sim/index.ts";
import { systemClock } from "#shared/time/clock.ts";
import { serveStore } from "../../../shards/persistence/serve-store.ts";
import { ShardStore } from "../../../shards/persistence/shard-store.ts";
import { type DiskDelay, DiskOrders } from "./disk-orders.ts";

serveStore(async (options) => {
  const store = await ShardStore.open(options);
  const orders = new DiskOrders(dirname(options.path));
  const chance = new Chance();
  const write = store.write.bind(store);
  store.write = async (batch) => {
    const delayMs = chance.pick(orders.ordered);
    if (delayMs > 0) {
      await new Promise<void>((resolve) => void systemClock.schedule(delayMs, resolve));
    }
    const fresh = await write(batch);
    orders.noteCommitted(store.tick);
    return fresh;
  };
  return store;
});

/** The same seed gives the same delays. */
class Chance {
  #seed = 0;
  #random: Random = createRandom(0);

  pick(delay: DiskDelay | undefined): number {
    if (delay === undefined) return 0;
    if (delay.seed !== this.#seed) this.#random = createRandom(delay.seed);
    this.#seed = delay.seed;
    return delay.msMin + this.#random.below(delay.msMax - delay.msMin + 1);
  }
}
