import { sql } from "drizzle-orm";
import { check, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { PlayerId } from "#shared/model/ids.ts";
import { players } from "./players.ts";

/** What games keep for players. */
export const storageObjects = sqliteTable(
  "storage_objects",
  {
    playerId: text("player_id")
      .$type<PlayerId>()
      .notNull()
      .references(() => players.id, { onDelete: "cascade" }),
    collection: text("collection").notNull(),
    key: text("key").notNull(),
    /** A JSON object. */
    value: text("value").notNull(),
    /** Random, so that one that was deleted and written anew is not taken for the old one. */
    version: text("version").notNull(),
    read: text("read").$type<"none" | "owner" | "public">().notNull(),
    write: text("write").$type<"none" | "owner">().notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.playerId, table.collection, table.key] }),
    check(
      "storage_objects_names",
      sql`length(${table.collection}) BETWEEN 1 AND 64 AND length(${table.key}) BETWEEN 1 AND 64`,
    ),
    check(
      "storage_objects_value",
      sql`json_valid(${table.value}) AND length(CAST(${table.value} AS BLOB)) <= 16384`,
    ),
    check("storage_objects_version", sql`length(${table.version}) = 16`),
    check(
      "storage_objects_rights",
      sql`${table.read} IN ('none', 'owner', 'public') AND ${table.write} IN ('none', 'owner')`,
    ),
    check("storage_objects_times", sql`${table.createdAtMs} > 0 AND ${table.updatedAtMs} > 0`),
  ],
);
