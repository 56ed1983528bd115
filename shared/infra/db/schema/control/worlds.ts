import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { PlayerId, RegionId, ShardKey, WorldId } from "#shared/model/ids.ts";
import { players } from "./players.ts";

/** Regions of the deployment, as the region files say. */
export const regions = sqliteTable(
  "regions",
  {
    id: text("id").$type<RegionId>().primaryKey(),
    title: text("title").notNull(),
  },
  (table) => [check("regions_title", sql`length(${table.title}) > 0`)],
);

/** Worlds of the deployment. */
export const worlds = sqliteTable(
  "worlds",
  {
    id: text("id").$type<WorldId>().primaryKey(),
    title: text("title").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [check("worlds_title", sql`length(${table.title}) > 0`)],
);

/** Which world is meant to run in which region, and in how many instances. */
export const worldRegions = sqliteTable(
  "world_regions",
  {
    worldId: text("world_id")
      .$type<WorldId>()
      .notNull()
      .references(() => worlds.id, { onDelete: "cascade" }),
    regionId: text("region_id")
      .$type<RegionId>()
      .notNull()
      .references(() => regions.id, { onDelete: "cascade" }),
    instances: integer("instances").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.worldId, table.regionId] }),
    check("world_regions_instances", sql`${table.instances} BETWEEN 1 AND 9999`),
  ],
);

/** Last known state of each shard; written when something other than its load changes. */
export const shards = sqliteTable(
  "shards",
  {
    key: text("key").$type<ShardKey>().primaryKey(),
    worldId: text("world_id")
      .$type<WorldId>()
      .notNull()
      .references(() => worlds.id, { onDelete: "cascade" }),
    regionId: text("region_id").$type<RegionId>().notNull(),
    instance: integer("instance").notNull(),
    address: text("address").notNull(),
    phase: text("phase").notNull(),
    capacity: integer("capacity").notNull(),
    tickRate: integer("tick_rate").notNull(),
    startedAtMs: integer("started_at_ms").notNull(),
    seenAtMs: integer("seen_at_ms").notNull(),
  },
  (table) => [
    index("shards_world").on(table.worldId),
    check(
      "shards_phase",
      sql`${table.phase} IN ('starting', 'serving', 'draining', 'stopped', 'silent')`,
    ),
    check("shards_numbers", sql`${table.capacity} >= 0 AND ${table.tickRate} BETWEEN 1 AND 240`),
  ],
);

/** The shard of each world that a player was last sent to; what it left behind is there. */
export const placements = sqliteTable(
  "placements",
  {
    playerId: text("player_id")
      .$type<PlayerId>()
      .notNull()
      .references(() => players.id, { onDelete: "cascade" }),
    worldId: text("world_id")
      .$type<WorldId>()
      .notNull()
      .references(() => worlds.id, { onDelete: "cascade" }),
    shardKey: text("shard_key").$type<ShardKey>().notNull(),
    placedAtMs: integer("placed_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.playerId, table.worldId] }),
    check("placements_placed_at", sql`${table.placedAtMs} > 0`),
  ],
);
