// What the database keeps, kept at hand: read through, and written behind.
//
// For what may be half a minute old and, at a kill -9, may lose its last seconds: names and where
// somebody was last seen. Never for money, items or rights.
import { type Bus, TOPIC_CACHE } from "#shared/infra/bus/bus.ts";
import type { Log } from "#shared/infra/log.ts";
import type { Counter, Gauge, Histogram, Metrics } from "#shared/infra/metrics.ts";
import type { CancelTimer, Clock } from "#shared/time/clock.ts";

/** What was read is believed for so long, also where no word of a change arrives. */
const CACHE_TTL_MS = 30_000;
/** What is put is written after so long at most, while the database answers. */
const WRITE_BEHIND_MS = 5_000;
/** Or at once when so many wait; so many are one write. */
const WRITE_BEHIND_ITEMS = 100;
/** Entries; of one more the oldest is forgotten, unless it waits to be written. */
const ENTRIES_MAX = 100_000;
/** Entries that wait to be written; of one more the one that waited longest is lost and counted. */
const PENDING_MAX = 50_000;
const RETRY_MS = 1_000;
/** At a stop, before what waits is given up. */
const CLOSE_TRIES_MAX = 3;

export interface CacheMetrics {
  readonly hits: Counter;
  readonly misses: Counter;
  readonly lost: Counter;
  readonly pending: Gauge;
  readonly seconds: Histogram;
}

/** The families that all caches share. */
export function createCacheMetrics(metrics: Metrics): CacheMetrics {
  const labels = ["cache"];
  return {
    hits: metrics.counter("tessera_cache_hits_total", "Found at hand.", labels),
    misses: metrics.counter("tessera_cache_misses_total", "Read from the database.", labels),
    lost: metrics.counter("tessera_cache_lost_total", "Put and never written.", labels),
    pending: metrics.gauge("tessera_cache_pending_writes", "Waiting to be written.", labels),
    seconds: metrics.histogram("tessera_cache_seconds", "Time that the database took.", {
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
      labelNames: ["cache", "what"],
    }),
  };
}

export interface HotCacheOptions<V> {
  /** The same in all servers. */
  readonly name: string;
  readonly bus: Pick<Bus, "publish" | "subscribe">;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: CacheMetrics;
  /** Those that there are. */
  readonly read: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>;
  /** Must bear to be given the same again; without it nothing may be put. */
  readonly write?: (items: ReadonlyMap<string, V>) => Promise<void>;
}

interface Entry<V> {
  /** Undefined: the database has none. */
  readonly value: V | undefined;
  readonly endsMs: number;
}

/** A cache of one kind of thing, in one server of several. Lives from construction to `close`. */
export class HotCache<V> {
  readonly #options: HotCacheOptions<V>;
  readonly #entries = new Map<string, Entry<V>>();
  readonly #pending = new Map<string, V>();
  readonly #label: { readonly cache: string };
  readonly #unsubscribe: () => void;
  /** Rises with each word of a change: what is read meanwhile may be old already. */
  #changes = 0;
  #cancel: CancelTimer | undefined;
  #writing: Promise<boolean> | undefined;

  constructor(options: HotCacheOptions<V>) {
    this.#options = options;
    this.#label = { cache: options.name };
    this.#unsubscribe = options.bus.subscribe(TOPIC_CACHE, ({ payload }) => {
      if (payload.case !== "cacheInvalidated" || payload.value.cache !== options.name) return;
      this.#forget(payload.value.keys);
    });
  }

  /** Entries that wait to be written. */
  get pending(): number {
    return this.#pending.size;
  }

  async get(key: string): Promise<V | undefined> {
    return (await this.getMany([key])).get(key);
  }

  /** Those that there are; one question to the database for all that are not at hand. */
  async getMany(keys: readonly string[]): Promise<Map<string, V>> {
    const nowMs = this.#options.clock.monotonicMs();
    const found = new Map<string, V>();
    const missing: string[] = [];
    for (const key of keys) {
      const entry = this.#entries.get(key);
      const pending = this.#pending.get(key);
      if (pending !== undefined) found.set(key, pending);
      else if (entry === undefined || entry.endsMs <= nowMs) missing.push(key);
      else if (entry.value !== undefined) found.set(key, entry.value);
    }
    const { metrics } = this.#options;
    metrics.hits.inc(this.#label, keys.length - missing.length);
    metrics.misses.inc(this.#label, missing.length);
    if (missing.length === 0) return found;
    for (const [key, value] of await this.#read(missing)) found.set(key, value);
    return found;
  }

  /** The value is at hand at once, here, and in the database within seconds. */
  put(key: string, value: V): void {
    if (this.#options.write === undefined) throw new Error("cannot put: the cache only reads");
    this.#pending.delete(key);
    this.#pending.set(key, value);
    if (this.#pending.size > PENDING_MAX) {
      const [oldest = ""] = this.#pending.keys();
      this.#pending.delete(oldest);
      this.#options.metrics.lost.inc(this.#label);
    }
    this.#plan(this.#pending.size >= WRITE_BEHIND_ITEMS ? 0 : WRITE_BEHIND_MS);
  }

  /** The database has something else: here and in all servers it is read anew. */
  invalidate(keys: readonly string[]): void {
    const { bus, name } = this.#options;
    this.#forget(keys);
    const value = { cache: name, keys: [...keys] };
    bus.publish(TOPIC_CACHE, { case: "cacheInvalidated", value });
  }

  /** All that waits is written, if the database answers. */
  async close(): Promise<void> {
    this.#unsubscribe();
    this.#cancel?.();
    await this.#writing;
    for (let tries = 0; this.#pending.size > 0 && tries < CLOSE_TRIES_MAX; ) {
      if (!(await this.#writeBatch())) tries += 1;
    }
    this.#cancel?.();
    if (this.#pending.size === 0) return;
    this.#options.metrics.lost.inc(this.#label, this.#pending.size);
    this.#options.log.warning("what was put into a cache is lost: the database does not take it", {
      cache: this.#options.name,
      items: this.#pending.size,
    });
  }

  async #read(keys: readonly string[]): Promise<ReadonlyMap<string, V>> {
    const { read, clock, metrics } = this.#options;
    const changes = this.#changes;
    const startMs = clock.monotonicMs();
    const values = await read(keys);
    const nowMs = clock.monotonicMs();
    metrics.seconds.observe({ ...this.#label, what: "read" }, (nowMs - startMs) / 1_000);
    if (changes === this.#changes) {
      for (const key of keys) this.#keep(key, values.get(key), nowMs + CACHE_TTL_MS);
    }
    return values;
  }

  #keep(key: string, value: V | undefined, endsMs: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, endsMs });
    if (this.#entries.size <= ENTRIES_MAX) return;
    const [oldest = ""] = this.#entries.keys();
    this.#entries.delete(oldest);
  }

  #forget(keys: readonly string[]): void {
    this.#changes += 1;
    for (const key of keys) this.#entries.delete(key);
  }

  #plan(afterMs: number): void {
    this.#options.metrics.pending.set(this.#label, this.#pending.size);
    if (this.#writing !== undefined || (this.#cancel !== undefined && afterMs > 0)) return;
    this.#cancel?.();
    this.#cancel = this.#options.clock.schedule(afterMs, () => {
      this.#cancel = undefined;
      this.#writing = this.#writeBatch();
      void this.#writing.then((isWritten) => {
        this.#writing = undefined;
        if (!isWritten) this.#plan(RETRY_MS);
        else if (this.#pending.size > 0) this.#plan(0);
      });
    });
  }

  /** Writes those that wait longest; false when the database did not take them. */
  async #writeBatch(): Promise<boolean> {
    const { write, clock, metrics } = this.#options;
    const items = new Map([...this.#pending].slice(0, WRITE_BEHIND_ITEMS));
    const startMs = clock.monotonicMs();
    try {
      await write?.(items);
    } catch {
      return false; // The database's health is told elsewhere.
    }
    const nowMs = clock.monotonicMs();
    metrics.seconds.observe({ ...this.#label, what: "write" }, (nowMs - startMs) / 1_000);
    this.invalidate([...items.keys()]);
    for (const [key, value] of items) {
      // What was put meanwhile waits on.
      if (this.#pending.get(key) === value) this.#pending.delete(key);
      this.#keep(key, value, nowMs + CACHE_TTL_MS);
    }
    metrics.pending.set(this.#label, this.#pending.size);
    return true;
  }
}
