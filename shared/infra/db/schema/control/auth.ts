import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { PlayerId, SessionId } from "#shared/model/ids.ts";
import { players } from "./players.ts";

/** Why a login ended. */
export type SessionEnd = "logged out" | "token reused";

/** Logins: each is a family of refresh tokens that lives and dies together. */
export const sessions = sqliteTable(
  "sessions",
  {
    id: text("id").$type<SessionId>().primaryKey(),
    playerId: text("player_id")
      .$type<PlayerId>()
      .notNull()
      .references(() => players.id, { onDelete: "cascade" }),
    createdAtMs: integer("created_at_ms").notNull(),
    endedAtMs: integer("ended_at_ms"),
    endReason: text("end_reason").$type<SessionEnd>(),
  },
  (table) => [
    index("sessions_player").on(table.playerId),
    check(
      "sessions_end",
      sql`(${table.endedAtMs} IS NULL) = (${table.endReason} IS NULL)
        AND (${table.endReason} IS NULL OR ${table.endReason} IN ('logged out', 'token reused'))`,
    ),
  ],
);

/** Refresh tokens by their SHA-256; `parent_hash` is unique, so no token has two successors. */
export const refreshTokens = sqliteTable(
  "refresh_tokens",
  {
    hash: text("hash").primaryKey(),
    parentHash: text("parent_hash"),
    sessionId: text("session_id")
      .$type<SessionId>()
      .notNull()
      .references(() => sessions.id, { onDelete: "cascade" }),
    expiresAtMs: integer("expires_at_ms").notNull(),
  },
  (table) => [
    uniqueIndex("refresh_tokens_parent").on(table.parentHash),
    index("refresh_tokens_session").on(table.sessionId),
    check("refresh_tokens_hash", sql`length(${table.hash}) = 64`),
  ],
);

/** Ed25519 keys that sign tokens: the newest signs, all that are not retired verify. */
export const signingKeys = sqliteTable(
  "signing_keys",
  {
    id: text("id").primaryKey(),
    privateJwk: text("private_jwk").notNull(),
    publicJwk: text("public_jwk").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    retiredAtMs: integer("retired_at_ms"),
  },
  (table) => [
    check(
      "signing_keys_json",
      sql`json_valid(${table.privateJwk}) AND json_valid(${table.publicJwk})`,
    ),
  ],
);
