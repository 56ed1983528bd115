import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** Where events are sent to. */
export const webhookEndpoints = sqliteTable(
  "webhook_endpoints",
  {
    id: text("id").primaryKey(),
    url: text("url").notNull(),
    description: text("description").notNull(),
    /** JSON list of event types; `*` is all that may leave. */
    eventTypes: text("event_types").notNull(),
    /** Signs; kept as it is, since a hash cannot sign. */
    secret: text("secret").notNull(),
    /** Signs too until its time is over, so that a receiver can change over in peace. */
    previousSecret: text("previous_secret"),
    previousUntilMs: integer("previous_until_ms"),
    disabledAtMs: integer("disabled_at_ms"),
    disabledReason: text("disabled_reason"),
    /** Last answer that was a success. */
    succeededAtMs: integer("succeeded_at_ms"),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [
    check("webhook_endpoints_types", sql`json_valid(${table.eventTypes})`),
    check(
      "webhook_endpoints_previous",
      sql`(${table.previousSecret} IS NULL) = (${table.previousUntilMs} IS NULL)`,
    ),
    check(
      "webhook_endpoints_disabled",
      sql`(${table.disabledAtMs} IS NULL) = (${table.disabledReason} IS NULL)`,
    ),
  ],
);

/** The queue of what is to be sent, and the log of what was. */
export const webhookDeliveries = sqliteTable(
  "webhook_deliveries",
  {
    number: integer("number").primaryKey({ autoIncrement: true }),
    endpointId: text("endpoint_id")
      .notNull()
      .references(() => webhookEndpoints.id, { onDelete: "cascade" }),
    eventId: text("event_id").notNull(),
    eventType: text("event_type").notNull(),
    /** The very bytes that are sent, each time. */
    body: text("body").notNull(),
    state: text("state").$type<"pending" | "delivered" | "failed">().notNull().default("pending"),
    attempts: integer("attempts").notNull().default(0),
    createdAtMs: integer("created_at_ms").notNull(),
    nextAttemptAtMs: integer("next_attempt_at_ms").notNull(),
    lastAttemptAtMs: integer("last_attempt_at_ms"),
    /** HTTP status of the last answer; null when none came. */
    lastStatus: integer("last_status"),
    lastError: text("last_error"),
    lastDurationMs: integer("last_duration_ms"),
  },
  (table) => [
    uniqueIndex("webhook_deliveries_event").on(table.endpointId, table.eventId),
    index("webhook_deliveries_due").on(table.state, table.nextAttemptAtMs),
    check("webhook_deliveries_state", sql`${table.state} IN ('pending', 'delivered', 'failed')`),
    check("webhook_deliveries_body", sql`json_valid(${table.body})`),
  ],
);

/** Ids of webhooks that came in, for as long as one may come again. */
export const webhookReceipts = sqliteTable(
  "webhook_receipts",
  {
    id: text("id").primaryKey(),
    receivedAtMs: integer("received_at_ms").notNull(),
  },
  (table) => [index("webhook_receipts_time").on(table.receivedAtMs)],
);
