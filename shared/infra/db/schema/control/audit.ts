import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/**
 * What was done by and to whom. Triggers refuse changes and deletions; each row carries the hash of
 * the one before, and no two rows the same one, so that the rows are one chain.
 */
export const auditLog = sqliteTable(
  "audit_log",
  {
    number: integer("number").primaryKey({ autoIncrement: true }),
    atMs: integer("at_ms").notNull(),
    event: text("event").notNull(),
    /** A player, or null for the deployment itself; not a reference: players may go. */
    actorId: text("actor_id"),
    targetId: text("target_id"),
    /** JSON. */
    details: text("details").notNull(),
    previousHash: text("previous_hash").notNull(),
    hash: text("hash").notNull(),
  },
  (table) => [
    uniqueIndex("audit_log_previous").on(table.previousHash),
    index("audit_log_target").on(table.targetId),
    check("audit_log_details", sql`json_valid(${table.details})`),
    check("audit_log_hash", sql`length(${table.hash}) = 64`),
  ],
);
