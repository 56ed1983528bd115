import type { Clock } from "#shared/time/clock.ts";
import type { PresenceSet } from "./presence.ts";

/** In one set; one more is refused. */
const ENTRIES_MAX = 200_000;

/** The presence of the local bus, in the server's memory. */
export class HubPresence {
  readonly #clock: Clock;
  readonly #sets = new Map<string, Map<string, { value: string; endsMs: number }>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  put({ name, ttlMs }: PresenceSet, entries: Iterable<readonly [string, string]>): void {
    const set = this.#sets.get(name) ?? new Map();
    this.#sets.set(name, set);
    const endsMs = this.#clock.monotonicMs() + ttlMs;
    for (const [key, value] of entries) {
      if (set.size >= ENTRIES_MAX && !set.has(key)) this.#sweep(name);
      if (set.size >= ENTRIES_MAX && !set.has(key)) {
        throw new Error(`cannot put into ${name}: it has ${ENTRIES_MAX} entries already`);
      }
      set.set(key, { value, endsMs });
    }
  }

  remove(name: string, keys: readonly string[]): void {
    for (const key of keys) this.#sets.get(name)?.delete(key);
  }

  list(name: string): Map<string, string> {
    this.#sweep(name);
    const entries = [...(this.#sets.get(name) ?? [])];
    return new Map(entries.map(([key, { value }]) => [key, value]));
  }

  #sweep(name: string): void {
    const nowMs = this.#clock.monotonicMs();
    const set = this.#sets.get(name);
    for (const [key, { endsMs }] of set ?? []) if (endsMs <= nowMs) set?.delete(key);
  }
}
