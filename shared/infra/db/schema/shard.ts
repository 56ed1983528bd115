import { sql } from "drizzle-orm";
import { blob, check, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What the database belongs to; one row a fact. */
export const shardFacts = sqliteTable("shard_facts", {
  name: text("name").primaryKey(),
  value: text("value").notNull(),
});

/** The state after a tick; the last three are kept. */
export const snapshots = sqliteTable(
  "snapshots",
  {
    tick: integer("tick").primaryKey(),
    savedAtMs: integer("saved_at_ms").notNull(),
    /** Of `state`, to find a damaged one. */
    crc32: integer("crc32").notNull(),
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
    crc32: integer("crc32").notNull(),
    /** tessera.v1.TickInputs. */
    inputs: blob("inputs", { mode: "buffer" }).notNull(),
  },
  (table) => [check("journal_tick", sql`${table.tick} > 0`)],
);

/** What the world keeps of players who left. */
export const playerStates = sqliteTable("player_states", {
  playerId: text("player_id").primaryKey(),
  /** Tick in which the player left. */
  tick: integer("tick").notNull(),
  /** The world's own message, e.g. tessera.v1.ArenaPlayer. */
  state: blob("state", { mode: "buffer" }).notNull(),
});

/** Who may resume: players in the world and the SHA-256 of their resume token. */
export const sessions = sqliteTable("sessions", {
  playerId: text("player_id").primaryKey(),
  tokenHash: text("token_hash").notNull(),
});

/** Join tickets that were used and have not expired. */
export const usedTickets = sqliteTable("used_tickets", {
  id: text("id").primaryKey(),
  expiresAtMs: integer("expires_at_ms").notNull(),
});
