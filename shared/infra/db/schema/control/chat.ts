import { sql } from "drizzle-orm";
import {
  check,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import type { PlayerId } from "#shared/model/ids.ts";
import { players } from "./players.ts";

/** What was said. */
export const chatMessages = sqliteTable(
  "chat_messages",
  {
    number: integer("number").primaryKey({ autoIncrement: true }),
    /** `global`, `system`, or `private:` and both players' ids in their order. */
    room: text("room").notNull(),
    senderId: text("sender_id")
      .$type<PlayerId>()
      .notNull()
      .references(() => players.id, { onDelete: "cascade" }),
    /** There exactly in private rooms. */
    recipientId: text("recipient_id")
      .$type<PlayerId>()
      .references(() => players.id, { onDelete: "cascade" }),
    text: text("text").notNull(),
    sentAtMs: integer("sent_at_ms").notNull(),
  },
  (table) => [
    index("chat_messages_room").on(table.room, table.number),
    index("chat_messages_sender").on(table.senderId),
    index("chat_messages_recipient").on(table.recipientId),
    check("chat_messages_text", sql`length(${table.text}) BETWEEN 1 AND 1200`),
    check(
      "chat_messages_recipient_private",
      sql`(${table.room} LIKE 'private:%') = (${table.recipientId} IS NOT NULL)`,
    ),
    check("chat_messages_sent_at", sql`${table.sentAtMs} > 0`),
  ],
);

/** Whose messages a player does not want to read. */
export const chatBlocks = sqliteTable(
  "chat_blocks",
  {
    playerId: text("player_id")
      .$type<PlayerId>()
      .notNull()
      .references(() => players.id, { onDelete: "cascade" }),
    blockedId: text("blocked_id")
      .$type<PlayerId>()
      .notNull()
      .references(() => players.id, { onDelete: "cascade" }),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.playerId, table.blockedId] }),
    index("chat_blocks_blocked").on(table.blockedId),
    check("chat_blocks_other", sql`${table.playerId} <> ${table.blockedId}`),
  ],
);

/** Who may read and not speak; one whose end has passed does nothing. */
export const chatMutes = sqliteTable(
  "chat_mutes",
  {
    playerId: text("player_id")
      .$type<PlayerId>()
      .primaryKey()
      .references(() => players.id, { onDelete: "cascade" }),
    reason: text("reason").notNull(),
    byPlayerId: text("by_player_id").$type<PlayerId>().notNull(),
    mutedAtMs: integer("muted_at_ms").notNull(),
    endsAtMs: integer("ends_at_ms"),
  },
  (table) => [check("chat_mutes_end", sql`coalesce(${table.endsAtMs} > ${table.mutedAtMs}, 1)`)],
);

/** What players complain of and staff has not decided on; a copy, for messages are forgotten. */
export const chatReports = sqliteTable(
  "chat_reports",
  {
    number: integer("number").primaryKey({ autoIncrement: true }),
    reporterId: text("reporter_id")
      .$type<PlayerId>()
      .notNull()
      .references(() => players.id, { onDelete: "cascade" }),
    senderId: text("sender_id")
      .$type<PlayerId>()
      .notNull()
      .references(() => players.id, { onDelete: "cascade" }),
    messageNumber: integer("message_number").notNull(),
    text: text("text").notNull(),
    reason: text("reason").notNull(),
    reportedAtMs: integer("reported_at_ms").notNull(),
  },
  (table) => [
    uniqueIndex("chat_reports_once").on(table.reporterId, table.messageNumber),
    index("chat_reports_sender").on(table.senderId),
    check("chat_reports_reason", sql`length(${table.reason}) BETWEEN 1 AND 200`),
    check("chat_reports_at", sql`${table.reportedAtMs} > 0`),
  ],
);
