/** Which entries live and die together, and how long one lives after it was put. */
export interface PresenceSet {
  /** Lower-case letters, digits and dashes. */
  readonly name: string;
  /** The same in all processes. */
  readonly ttlMs: number;
}

/**
 * Entries of text that vanish when they are not put again within the set's time to live: who or
 * what is there, told by those who know. Each call rejects within a bounded time when the bus is
 * away; a bus that lost everything has all of them again as soon as all were put again.
 */
export interface Presence {
  /** Puts entries, or puts them again. */
  put(entries: ReadonlyMap<string, string>): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
  /** All that are there, those of this process included. */
  list(): Promise<ReadonlyMap<string, string>>;
}
