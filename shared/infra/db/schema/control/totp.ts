import { sql } from "drizzle-orm";
import { check, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { PlayerId } from "#shared/model/ids.ts";
import { players } from "./players.ts";

/** Second factors: the secret that a player's telephone has too. */
export const totpSecrets = sqliteTable(
  "totp_secrets",
  {
    playerId: text("player_id")
      .$type<PlayerId>()
      .primaryKey()
      .references(() => players.id, { onDelete: "cascade" }),
    /** base32, as the telephone was given it. */
    secret: text("secret").notNull(),
    /** Null until the player has shown a code: before that it is asked for nothing. */
    confirmedAtMs: integer("confirmed_at_ms"),
    /** Of the last code that was accepted; only later ones are. */
    lastStep: integer("last_step").notNull().default(0),
  },
  (table) => [check("totp_secrets_length", sql`length(${table.secret}) >= 32`)],
);

/** Codes for whoever has lost the telephone, each once, by their SHA-256. */
export const recoveryCodes = sqliteTable(
  "recovery_codes",
  {
    playerId: text("player_id")
      .$type<PlayerId>()
      .notNull()
      .references(() => players.id, { onDelete: "cascade" }),
    hash: text("hash").notNull(),
  },
  (table) => [primaryKey({ columns: [table.playerId, table.hash] })],
);
