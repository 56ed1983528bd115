import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** UUID version 4, for rows that triggers write. */
const NEW_ID = sql`(lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' ||
  substr(hex(randomblob(2)), 2) || '-a' || substr(hex(randomblob(2)), 2) || '-' ||
  hex(randomblob(6))))`;

/**
 * What happened that is worth telling, written in the transaction of its cause: by triggers where
 * the cause is a row, see triggers/event-triggers.ts. Numbers follow the order of commits and are
 * never used twice, so whoever has read up to one misses nothing after it.
 */
export const events = sqliteTable(
  "events",
  {
    number: integer("number").primaryKey({ autoIncrement: true }),
    id: text("id").notNull().unique("events_id").default(NEW_ID),
    type: text("type").notNull(),
    version: integer("version").notNull().default(1),
    atMs: integer("at_ms").notNull(),
    priority: integer("priority").notNull().default(5),
    source: text("source").notNull().default("server"),
    correlationId: text("correlation_id").notNull().default(""),
    tenant: text("tenant").notNull().default("default"),
    region: text("region"),
    worldId: text("world_id"),
    shardKey: text("shard_key"),
    /** Whom it is about; not a reference: players may go. */
    playerId: text("player_id"),
    /** The type's message of events.proto, as JSON. */
    data: text("data").notNull(),
    /** A JSON object of texts. */
    metadata: text("metadata").notNull().default("{}"),
  },
  (table) => [
    index("events_time").on(table.atMs),
    index("events_type").on(table.type, table.number),
    index("events_player").on(table.playerId, table.number),
    check("events_type_form", sql`length(${table.type}) BETWEEN 3 AND 64`),
    check("events_priority", sql`${table.priority} BETWEEN 0 AND 9`),
    check("events_json", sql`json_valid(${table.data}) AND json_valid(${table.metadata})`),
  ],
);

/** How far readers of the log have come: `relay` has told all up to it, `trimmed` are gone. */
export const eventCursors = sqliteTable(
  "event_cursors",
  {
    name: text("name").primaryKey(),
    number: integer("number").notNull(),
  },
  (table) => [check("event_cursors_number", sql`${table.number} >= 0`)],
);
