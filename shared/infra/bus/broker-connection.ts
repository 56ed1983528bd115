import type { LinkConnection } from "../broker-link.ts";
import type { PresenceSet } from "./presence.ts";

/** A place in a topic, as ConsumeOptions says. */
export interface ReaderOptions {
  readonly topic: string;
  readonly name: string;
  readonly from: "start" | "now";
}

/** A message that a reader was handed and is to acknowledge. */
export interface Entry {
  /** Undefined when the broker has thrown it away since. */
  readonly bytes: Uint8Array | undefined;
  readonly redelivered: boolean;
  /** Whatever the broker knows it by. */
  readonly token: unknown;
}

/** How long a reader waits for a message before it gives none. */
export const READ_WAIT_MS = 1_000;

/** Reads what was sent to a topic, under a name. */
export interface Reader {
  /**
   * The next ones, at most so many, in order; waits for one, or gives none after READ_WAIT_MS.
   * Those that others were handed and did not acknowledge come too, when they are stale.
   */
  next(max: number): Promise<readonly Entry[]>;
  acknowledge(entries: readonly Entry[]): Promise<void>;
  /** Says that they are still being worked on, so that they do not become stale. */
  keep(entries: readonly Entry[]): Promise<void>;
  close(): Promise<void>;
}

/** What a broker must be able to do; every call may reject, and none is tried again by it. */
export interface BrokerConnection extends LinkConnection {
  /** Delivers what is published on `topic` from now on, by others, to the bus. */
  subscribe(topic: string): Promise<void>;
  publish(topic: string, bytes: Uint8Array): Promise<void>;
  /** Resolves when the broker holds it, also when it has held a message with that id before. */
  send(topic: string, bytes: Uint8Array, id: string): Promise<void>;
  openReader(options: ReaderOptions): Promise<Reader>;
  putPresence(set: PresenceSet, entries: ReadonlyMap<string, string>): Promise<void>;
  removePresence(set: PresenceSet, keys: readonly string[]): Promise<void>;
  listPresence(set: PresenceSet): Promise<ReadonlyMap<string, string>>;
}

/** Names what keeps all that was sent, unless somebody names it otherwise. */
export const STREAM = "GLOBAL_EVENTS";

/** For how much a broker keeps of what was sent, whether it was consumed or not. */
export interface Retention {
  readonly ageMs: number;
  /** The same for batches of mirrored worlds. NATS keeps all for the longer of the two. */
  readonly batchAgeMs: number;
  /** Messages of one topic. */
  readonly lengthMax: number;
  /** A message with an id that came within this time is not taken again. */
  readonly deduplicateMs: number;
  /** A message that was handed out for so long, without a word, is handed to somebody else. */
  readonly staleMs: number;
}

export const RETENTION: Retention = {
  ageMs: 24 * 60 * 60 * 1_000,
  batchAgeMs: 24 * 60 * 60 * 1_000,
  lengthMax: 200_000,
  deduplicateMs: 120_000,
  staleMs: 10_000,
};
