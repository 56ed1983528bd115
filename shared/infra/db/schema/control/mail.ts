import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { PlayerId } from "#shared/model/ids.ts";
import { MAIL_KINDS, type MailKind } from "#shared/model/mail.ts";
import { players } from "./players.ts";

/**
 * Mails that are to go out. A row says what for and to whom; the token that the mail carries is
 * made when it goes, so that it never lies here.
 */
export const mails = sqliteTable(
  "mails",
  {
    id: text("id").primaryKey(),
    kind: text("kind").$type<MailKind>().notNull(),
    /** As it was given. */
    address: text("address").notNull(),
    /** Who asked; null for who is not logged in. */
    playerId: text("player_id")
      .$type<PlayerId>()
      .references(() => players.id, { onDelete: "cascade" }),
    attempts: integer("attempts").notNull().default(0),
    createdAtMs: integer("created_at_ms").notNull(),
    dueAtMs: integer("due_at_ms").notNull(),
  },
  (table) => [
    index("mails_due").on(table.dueAtMs),
    index("mails_address").on(table.address),
    check(
      "mails_kind",
      sql`${table.kind} IN (${sql.raw(MAIL_KINDS.map((one) => `'${one}'`).join())})`,
    ),
  ],
);

/** What a link in a mail is good for, once, by the SHA-256 of its token. */
export const mailTokens = sqliteTable(
  "mail_tokens",
  {
    hash: text("hash").primaryKey(),
    kind: text("kind").$type<MailKind>().notNull(),
    playerId: text("player_id")
      .$type<PlayerId>()
      .notNull()
      .references(() => players.id, { onDelete: "cascade" }),
    address: text("address").notNull(),
    expiresAtMs: integer("expires_at_ms").notNull(),
  },
  (table) => [index("mail_tokens_player").on(table.playerId)],
);

/** Proven addresses: one belongs to one player, and a player has one. */
export const emails = sqliteTable(
  "emails",
  {
    playerId: text("player_id")
      .$type<PlayerId>()
      .primaryKey()
      .references(() => players.id, { onDelete: "cascade" }),
    address: text("address").notNull(),
    /** Lower case. */
    addressKey: text("address_key").notNull(),
    provenAtMs: integer("proven_at_ms").notNull(),
  },
  (table) => [uniqueIndex("emails_address").on(table.addressKey)],
);
