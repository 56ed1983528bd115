// What the loop's process and the persistence Worker say to each other. Plain data and bytes only.
import type { HoldAnswer, HoldRequest } from "#shared/infra/db/hold-messages.ts";
import type { StateCopy } from "#shared/sim/index.ts";
import type { LoadedMessage, LoadRequest, OutboxMessage, TickRecord } from "../loop/messages.ts";
import type { ShipPlace, ShipStatus } from "../replication/ship-status.ts";

/** Whose database it is. */
export interface StoreIdentity {
  path: string;
  shardKey: string;
  world: string;
  tickRate: number;
  /** A libSQL server to which it is shipped. */
  ship?: ShipPlace | undefined;
}

export type ToWorker =
  | ({ kind: "open" } & StoreIdentity)
  | { kind: "recover"; request: RecoveryRequest }
  /** This process was granted the shard under this epoch: from here on it writes. */
  | { kind: "own"; epoch: number }
  | { kind: "commit"; record: TickRecord }
  | { kind: "load"; request: LoadRequest }
  /** A copy of the state in shared memory, which is free again once it was saved. */
  | { kind: "snapshot"; copy: StateCopy; area: SharedArrayBuffer }
  /** These messages of the outbox have reached the bus. */
  | { kind: "told"; ids: readonly string[] }
  /** The database is to be copied; `question` names this request. */
  | { kind: "hold"; question: number; request: HoldRequest }
  | { kind: "close" }
  /** The shard is another process's: whatever waits is not written, and nothing is shipped. */
  | { kind: "abandon" };

export type FromWorker =
  | { kind: "recovered"; recovery: Recovery }
  | { kind: "owned"; lasting: Lasting }
  | { kind: "committed"; tick: number; durationMs: number }
  | { kind: "saved"; tick: number; bytes: number }
  /** A snapshot could not be saved; it, or a later one, is tried again. */
  | { kind: "unsaved"; tick: number; reason: string }
  | LoadedMessage
  /** Messages that are in the database and are to be told; more come when these were told. */
  | { kind: "outbox"; messages: readonly OutboxMessage[] }
  /** What waits cannot be written now; it is tried again until it can. */
  | { kind: "trouble"; reason: string }
  | { kind: "held"; question: number; answer: HoldAnswer }
  /** How the shipping to a server goes. */
  | { kind: "shipped"; status: ShipStatus }
  | { kind: "closed" }
  /** The database cannot be used (any more); the Worker does nothing from here on. */
  | { kind: "failed"; message: string; stage: "open" | "write" };

/** Where a recovery ends, and from where it may start. */
export interface RecoveryRequest {
  /** Up to this tick; the last committed one when it is absent. */
  atTick?: number;
  /** Only snapshots of earlier ticks: the later ones did not lead to the state that was. */
  snapshotBefore?: number;
}

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
  /** Tick to which it leads: the last committed one unless an earlier one was asked for. */
  tick: number;
  /** The newest undamaged snapshot; undefined in a new database. */
  snapshot: RecoveredSnapshot | undefined;
  /** Inputs of the ticks after the snapshot, without gaps. */
  journal: RecoveredTick[];
  /** Damage that was found and worked around, for the log. */
  warnings: string[];
}

/** What a shard has beside its world, as of the last committed tick. */
export interface Lasting {
  /** Players with the hash of their resume token, each once. */
  sessions: Iterable<readonly [playerId: string, tokenHash: string]>;
}

export interface RecoveredSnapshot {
  tick: number;
  /** tessera.v1.Snapshot. */
  state: Uint8Array;
  /** The state's hash as the journal has it, if it does. */
  stateHash: string | undefined;
}

export interface RecoveredTick {
  tick: number;
  inputs: Uint8Array;
  /** Of the state after the tick, once a second. */
  stateHash: string | undefined;
}
