import { sql } from "drizzle-orm";
import { check, integer, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { PlayerId, ShardKey } from "#shared/model/ids.ts";
import { players } from "./players.ts";

/** Where a player was seen last, within some seconds. */
export const lastSeen = sqliteTable(
  "last_seen",
  {
    playerId: text("player_id")
      .$type<PlayerId>()
      .primaryKey()
      .references(() => players.id, { onDelete: "cascade" }),
    shardKey: text("shard_key").$type<ShardKey>().notNull(),
    x: real("x").notNull(),
    y: real("y").notNull(),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [check("last_seen_at", sql`${table.atMs} > 0`)],
);
