// What the loop's process and the persistence Worker say to each other. Plain data and bytes only.
import type { LoadedMessage, LoadRequest, TickRecord } from "../loop/messages.ts";

export type ToWorker =
  | { kind: "open"; path: string; shardKey: string; world: string }
  | { kind: "commit"; record: TickRecord }
  | { kind: "load"; request: LoadRequest }
  | { kind: "snapshot"; tick: number; bytes: Uint8Array }
  | { kind: "close" };

export type FromWorker =
  | { kind: "opened"; recovery: Recovery }
  | { kind: "committed"; tick: number }
  | { kind: "saved"; tick: number; bytes: number }
  | LoadedMessage
  | { kind: "closed" }
  /** The database cannot be used (any more); the Worker does nothing from here on. */
  | { kind: "failed"; message: string; stage: "open" | "write" };

/** What a shard starts from. */
export interface Recovery {
  /** The newest undamaged snapshot; undefined in a new database. */
  snapshot: Uint8Array | undefined;
  /** Inputs of the ticks after the snapshot, without gaps. */
  journal: { tick: number; inputs: Uint8Array }[];
  /** Resume tokens' hashes by player. */
  sessions: Map<string, string>;
  /** Damage that was found and worked around, for the log. */
  warnings: string[];
}
