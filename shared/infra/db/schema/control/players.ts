import { sql } from "drizzle-orm";
import { check, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { PlayerId } from "#shared/model/ids.ts";
import type { PlayerRole } from "#shared/model/players.ts";

/** Accounts and guests. */
export const players = sqliteTable(
  "players",
  {
    id: text("id").$type<PlayerId>().primaryKey(),
    /** As written at registration; null for guests and for who logs in elsewhere. */
    username: text("username"),
    /** Lower case, what makes a username unique. */
    usernameKey: text("username_key"),
    /** argon2id in PHC form; there exactly when a username is. */
    passwordHash: text("password_hash"),
    displayName: text("display_name").notNull(),
    role: text("role").$type<PlayerRole>().notNull().default("player"),
    /** Nobody can prove yet to be this player but by a token or a device. */
    guest: integer("guest", { mode: "boolean" }).notNull().default(true),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [
    uniqueIndex("players_username_key").on(table.usernameKey),
    check("players_role", sql`${table.role} IN ('player', 'moderator', 'admin')`),
    check("players_display_name", sql`length(${table.displayName}) BETWEEN 1 AND 48`),
    check(
      "players_account",
      sql`(${table.username} IS NULL) = (${table.usernameKey} IS NULL)
        AND (${table.username} IS NULL) = (${table.passwordHash} IS NULL)`,
    ),
    check(
      "players_guest",
      sql`${table.guest} IN (0, 1)
        AND (${table.guest} = 0 OR (${table.username} IS NULL AND ${table.role} = 'player'))`,
    ),
    check("players_created_at", sql`${table.createdAtMs} > 0`),
  ],
);
