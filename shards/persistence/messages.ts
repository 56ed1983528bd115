// What the loop's process and the persistence Worker say to each other. Plain data and bytes only.
import type { StateCopy } from "#shared/sim/index.ts";
import type { LoadedMessage, LoadRequest, TickRecord } from "../loop/messages.ts";

export type ToWorker =
  | { kind: "open"; path: string; shardKey: string; world: string }
  /** This process was granted the shard under this epoch: from here on it writes. */
  | { kind: "own"; epoch: number }
  | { kind: "commit"; record: TickRecord }
  | { kind: "load"; request: LoadRequest }
  /** A copy of the state in shared memory, which is free again once it was saved. */
  | { kind: "snapshot"; copy: StateCopy; area: SharedArrayBuffer }
  | { kind: "close" };

export type FromWorker =
  | { kind: "opened"; recovery: Recovery }
  | { kind: "owned" }
  | { kind: "committed"; tick: number }
  | { kind: "saved"; tick: number; bytes: number }
  | LoadedMessage
  | { kind: "closed" }
  /** The database cannot be used (any more); the Worker does nothing from here on. */
  | { kind: "failed"; message: string; stage: "open" | "write" };

/** What a process shows of its database when it asks for the shard's lease. */
export interface FoundDatabase {
  /** UUID, made with it. */
  id: string;
  /** Highest epoch that wrote to it; 0 in a new one. */
  epoch: number;
  /** Last committed tick. */
  tick: number;
}

/** What a shard starts from. */
export interface Recovery {
  database: FoundDatabase;
  /** The newest undamaged snapshot; undefined in a new database. */
  snapshot: Uint8Array | undefined;
  /** Inputs of the ticks after the snapshot, without gaps. */
  journal: { tick: number; inputs: Uint8Array }[];
  /** Resume tokens' hashes by player. */
  sessions: Map<string, string>;
  /** Damage that was found and worked around, for the log. */
  warnings: string[];
}
