import { sql } from "drizzle-orm";
import {
  blob,
  check,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
} from "drizzle-orm/sqlite-core";

/** What the database belongs to; one row a fact: world, shard_key, database_id. */
export const shardFacts = sqliteTable("shard_facts", {
  name: text("name").primaryKey(),
  value: text("value").notNull(),
  /** CRC-32 over all other columns. */
  checksum: integer("checksum").notNull(),
});

/**
 * How many rows there are in each table that has checksums and no chain, and their sum: a row that
 * is lost, or that is an older one again, is found like one that is damaged. Triggers keep it.
 */
export const tableSums = sqliteTable("table_sums", {
  /** Of the table. */
  name: text("name").primaryKey(),
  rows: integer("row_count").notNull(),
  checksums: integer("checksums").notNull(),
});

/**
 * How far the journal reaches and who may write: one row, changed in each transaction that writes a
 * tick. Triggers hold every new record of the journal against it.
 */
export const progress = sqliteTable(
  "progress",
  {
    id: integer("id").primaryKey(),
    /** Fencing epoch of the lease of the last writer; records of a lower one are refused. */
    epoch: integer("epoch").notNull(),
    /** CRC-32 over the epoch. */
    epochChecksum: integer("epoch_checksum").notNull(),
    /** Last committed tick. */
    tick: integer("tick").notNull(),
    /** `checksum` of that tick's record, with which the next one's begins. */
    checksum: integer("checksum").notNull(),
  },
  (table) => [check("progress_one", sql`${table.id} = 1`)],
);

/** The state after a tick; the last three are kept. */
export const snapshots = sqliteTable(
  "snapshots",
  {
    tick: integer("tick").primaryKey(),
    epoch: integer("epoch").notNull(),
    savedAtMs: integer("saved_at_ms").notNull(),
    /** `checksum` of the journal's record of this tick: with it the record after it begins. */
    journalChecksum: integer("journal_checksum").notNull(),
    /** CRC-32 over all other columns, to find a damaged one. */
    checksum: integer("checksum").notNull(),
    /** tessera.v1.Snapshot, zstd. */
    state: blob("state", { mode: "buffer" }).notNull(),
  },
  (table) => [check("snapshots_tick", sql`${table.tick} >= 0`)],
);

/** The inputs of each tick since the oldest snapshot, without gaps. */
export const journal = sqliteTable(
  "journal",
  {
    tick: integer("tick").primaryKey(),
    epoch: integer("epoch").notNull(),
    /** 16 hex digits, once a second: the world's hash after the tick. */
    stateHash: text("state_hash"),
    /** CRC-32 over the checksum of the record before and all other columns: a chain. */
    checksum: integer("checksum").notNull(),
    /** tessera.v1.TickInputs. */
    inputs: blob("inputs", { mode: "buffer" }).notNull(),
  },
  (table) => [check("journal_tick", sql`${table.tick} > 0`)],
);

/** What the world keeps of players who left. */
export const playerStates = sqliteTable(
  "player_states",
  {
    playerId: text("player_id").primaryKey(),
    /** Tick in which the player left. */
    tick: integer("tick").notNull(),
    /** CRC-32 over all other columns. */
    checksum: integer("checksum").notNull(),
    /** The world's own message, e.g. tessera.v1.ArenaPlayer. */
    state: blob("state", { mode: "buffer" }).notNull(),
  },
  (table) => [index("player_states_tick").on(table.tick)],
);

/** Who may resume: players in the world and the SHA-256 of their resume token. */
export const sessions = sqliteTable(
  "sessions",
  {
    playerId: text("player_id").primaryKey(),
    /** Null: the session has ended; kept as long as the journal's record of that, for replicas. */
    tokenHash: text("token_hash"),
    /** Tick of the last change. */
    tick: integer("tick").notNull(),
    /** CRC-32 over all other columns. */
    checksum: integer("checksum").notNull(),
  },
  (table) => [index("sessions_tick").on(table.tick)],
);

/** Join tickets that were used and have not expired. */
export const usedTickets = sqliteTable(
  "used_tickets",
  {
    id: text("id").primaryKey(),
    /** The one after the last committed tick when it was used. */
    tick: integer("tick").notNull(),
    expiresAtMs: integer("expires_at_ms").notNull(),
    /** CRC-32 over all other columns. */
    checksum: integer("checksum").notNull(),
  },
  (table) => [index("used_tickets_tick").on(table.tick)],
);

/** What durable actions led to: a repeated one gets the same answer and is not done twice. */
export const answers = sqliteTable(
  "answers",
  {
    playerId: text("player_id").notNull(),
    /** 16 bytes, made by the client. */
    actionId: blob("action_id", { mode: "buffer" }).notNull(),
    tick: integer("tick").notNull(),
    /** CRC-32 over all other columns. */
    checksum: integer("checksum").notNull(),
    /** tessera.v1.ActionResult. */
    answer: blob("answer", { mode: "buffer" }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.playerId, table.actionId] }),
    index("answers_tick").on(table.tick),
  ],
);

/** What other processes are still to be told; written with its cause, deleted once it was told. */
export const outbox = sqliteTable("outbox", {
  /** UUID, the same in each delivery. */
  id: text("id").primaryKey(),
  tick: integer("tick").notNull(),
  topic: text("topic").notNull(),
  /** CRC-32 over all other columns. */
  checksum: integer("checksum").notNull(),
  /** tessera.v1.BusMessage. */
  message: blob("message", { mode: "buffer" }).notNull(),
});
