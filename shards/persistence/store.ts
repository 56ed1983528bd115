import type { HoldAnswer, HoldRequest } from "#shared/infra/db/hold-messages.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { LoadedMessage, LoadRequest, OutboxMessage, TickRecord } from "../loop/messages.ts";
import type { ShipStatus } from "../replication/ship-status.ts";
import type { Lasting, Recovery, RecoveryRequest, StoreIdentity } from "./messages.ts";
import type { Ticket } from "./write-statements.ts";

/** What goes into one transaction. */
export interface StoreBatch {
  readonly records: readonly TickRecord[];
  /** Join tickets to use up. */
  readonly tickets: readonly Ticket[];
  /** Ids of messages of the outbox that were told. */
  readonly told: readonly string[];
}

/**
 * A shard's database as the persistence Worker uses it: one call at a time. All but `close` throw
 * StorageError; after a passing one nothing was written and the same may be tried again.
 */
export interface Store {
  /** Last committed tick. */
  readonly tick: number;
  recover(request?: RecoveryRequest): Promise<Recovery>;
  /**
   * Looks at the rest, which a start does not read, unless that is much; throws DatabaseError when
   * it is damaged.
   */
  verify(): Promise<void>;
  /** Looks at the next page of what `verify` left out; false when there is no more. */
  checkOn(): Promise<boolean>;
  /** Sessions; all else beside the journal is checked with them, as far as `verify` does not. */
  readLasting(): Promise<Lasting>;
  /** Notes under which epoch is written from here on; fatal when a higher one has written. */
  own(epoch: number): Promise<void>;
  /** Writes all of it or nothing; the result tells of each ticket whether it was fresh. */
  write(batch: StoreBatch): Promise<boolean[]>;
  load(request: LoadRequest, ticketFresh: boolean): Promise<LoadedMessage>;
  /** Messages that are to be told, the oldest first. */
  readOutbox(count: number): Promise<OutboxMessage[]>;
  /** Keeps the packed state of a tick that is committed. */
  saveSnapshot(tick: number, state: Uint8Array): Promise<void>;
  /** Lets the database's file be copied; absent where it has none. */
  hold?(request: HoldRequest): Promise<HoldAnswer>;
  close(): Promise<void>;
  /** Stops at once what it does by itself, and leaves all as it is. */
  abandon?(): Promise<void>;
}

export interface StoreOptions extends StoreIdentity {
  clock: Clock;
  /** Makes the id of a new database. */
  makeId: () => string;
  /** Told how the shipping goes, where there is any. */
  shipped?: (status: ShipStatus) => void;
}

/** Opens the database of a shard; throws DatabaseError when it is not this shard's or not sound. */
export type OpenStore = (options: StoreOptions) => Promise<Store>;
