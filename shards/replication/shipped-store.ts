import type { HoldAnswer, HoldRequest } from "#shared/infra/db/hold-messages.ts";
import type { LoadedMessage, LoadRequest, OutboxMessage } from "../loop/messages.ts";
import type { Lasting, Recovery, RecoveryRequest } from "../persistence/messages.ts";
import { ShardStore } from "../persistence/shard-store.ts";
import type { Store, StoreBatch, StoreOptions } from "../persistence/store.ts";
import { Shipper } from "./shipper.ts";

/** How long a close goes on shipping what is committed. */
const STOP_MS_MAX = 1_000;

/** A shard's database that is shipped to a server as well, where one is configured. */
export async function openShippedStore(options: StoreOptions): Promise<Store> {
  const store = await ShardStore.open(options);
  return options.ship === undefined ? store : new ShippedStore(store, options);
}

/** Ships from the moment on in which this process owns the shard; what it writes never waits. */
class ShippedStore implements Store {
  readonly #store: ShardStore;
  readonly #options: StoreOptions;
  #shipper: Shipper | undefined;

  constructor(store: ShardStore, options: StoreOptions) {
    this.#store = store;
    this.#options = options;
  }

  get tick(): number {
    return this.#store.tick;
  }

  recover(request?: RecoveryRequest): Promise<Recovery> {
    return this.#store.recover(request);
  }

  readLasting(): Promise<Lasting> {
    return this.#store.readLasting();
  }

  verify(): Promise<void> {
    return this.#store.verify();
  }

  checkOn(): Promise<boolean> {
    return this.#store.checkOn();
  }

  async own(epoch: number): Promise<void> {
    await this.#store.own(epoch);
    const { ship, clock, makeId, shipped } = this.#options;
    if (ship === undefined) return;
    const source = this.#store.client;
    this.#shipper = new Shipper({
      ...ship,
      source,
      clock,
      makeId,
      report: (status) => shipped?.(status),
    });
    this.#shipper.committed(this.#store.tick);
  }

  async write(batch: StoreBatch): Promise<boolean[]> {
    const fresh = await this.#store.write(batch);
    this.#shipper?.committed(this.#store.tick);
    return fresh;
  }

  load(request: LoadRequest, ticketFresh: boolean): Promise<LoadedMessage> {
    return this.#store.load(request, ticketFresh);
  }

  readOutbox(count: number): Promise<OutboxMessage[]> {
    return this.#store.readOutbox(count);
  }

  saveSnapshot(tick: number, state: Uint8Array): Promise<void> {
    return this.#store.saveSnapshot(tick, state);
  }

  hold(request: HoldRequest): Promise<HoldAnswer> {
    return this.#store.hold(request);
  }

  async abandon(): Promise<void> {
    await this.#shipper?.abandon();
  }

  async close(): Promise<void> {
    await this.#shipper?.stop(STOP_MS_MAX);
    await this.#store.close();
  }
}
