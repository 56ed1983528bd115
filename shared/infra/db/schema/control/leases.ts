import { sql } from "drizzle-orm";
import { check, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { ShardKey } from "#shared/model/ids.ts";

/** Who owns each shard: one row a shard, never deleted, so that an epoch is never used twice. */
export const leases = sqliteTable(
  "leases",
  {
    shardKey: text("shard_key").$type<ShardKey>().primaryKey(),
    /** Rises with every new holder. */
    epoch: integer("epoch").notNull(),
    /** Random id of a process; null once it gave the lease back. */
    holder: text("holder"),
    /** The database that the world lives in. */
    databaseId: text("database_id").notNull(),
    /** Which file of that database the holder has locked. */
    databaseFile: text("database_file").notNull(),
    address: text("address").notNull(),
    /** Last committed tick that its holders told of. */
    tick: integer("tick").notNull(),
    /** Ticks that the holders before had told of and the present one's database never had. */
    ticksLost: integer("ticks_lost").notNull(),
    grantedAtMs: integer("granted_at_ms").notNull(),
    renewedAtMs: integer("renewed_at_ms").notNull(),
    expiresAtMs: integer("expires_at_ms").notNull(),
  },
  (table) => [
    check("leases_epoch", sql`${table.epoch} >= 1 AND ${table.tick} >= 0`),
    // Nothing about their order: a server's clock may be set between two of its lives.
    check("leases_times", sql`${table.grantedAtMs} > 0 AND ${table.renewedAtMs} > 0`),
  ],
);
