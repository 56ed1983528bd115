import { type SQL, sql } from "drizzle-orm";
import {
  check,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import { SESSION_ENDS, type SessionEnd } from "#shared/model/auth.ts";
import type { PlayerId, SessionId } from "#shared/model/ids.ts";
import { players } from "./players.ts";

/** Logins: each is a family of refresh tokens that lives and dies together. */
export const sessions = sqliteTable(
  "sessions",
  {
    id: text("id").$type<SessionId>().primaryKey(),
    playerId: text("player_id")
      .$type<PlayerId>()
      .notNull()
      .references(() => players.id, { onDelete: "cascade" }),
    /** What the client called itself, for the player's own list. */
    device: text("device").notNull().default(""),
    createdAtMs: integer("created_at_ms").notNull(),
    /** Whoever logged in showed a second factor too. */
    secondFactor: integer("second_factor", { mode: "boolean" }).notNull().default(false),
    /** Of the login or its last refresh. */
    seenAtMs: integer("seen_at_ms").notNull(),
    endedAtMs: integer("ended_at_ms"),
    endReason: text("end_reason").$type<SessionEnd>(),
  },
  (table) => [
    index("sessions_player").on(table.playerId),
    check(
      "sessions_end",
      sql`(${table.endedAtMs} IS NULL) = (${table.endReason} IS NULL)
        AND (${table.endReason} IS NULL OR ${table.endReason} IN (${listed(SESSION_ENDS)}))`,
    ),
    check("sessions_device", sql`length(${table.device}) <= 200`),
  ],
);

/**
 * Logins that ended, in the order in which they did: what shards ask for, so that no end is missed.
 * Numbers are never used twice, also when old rows are gone.
 */
export const sessionEnds = sqliteTable(
  "session_ends",
  {
    number: integer("number").primaryKey({ autoIncrement: true }),
    sessionId: text("session_id").$type<SessionId>().notNull(),
    playerId: text("player_id").$type<PlayerId>().notNull(),
    reason: text("reason").$type<SessionEnd>().notNull(),
    endedAtMs: integer("ended_at_ms").notNull(),
  },
  (table) => [
    uniqueIndex("session_ends_session").on(table.sessionId),
    index("session_ends_time").on(table.endedAtMs),
    check("session_ends_reason", sql`${table.reason} IN (${listed(SESSION_ENDS)})`),
  ],
);

/**
 * Whose rights or logins have changed, numbered in the transaction that changed them: triggers
 * write it, so that no change is missed by who remembers how things were. Only the newest are kept.
 */
export const actorChanges = sqliteTable("actor_changes", {
  number: integer("number").primaryKey({ autoIncrement: true }),
  playerId: text("player_id").$type<PlayerId>().notNull(),
});

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

/** Tickets that open one stream each, by their SHA-256; whoever redeems one deletes it. */
export const streamTickets = sqliteTable(
  "stream_tickets",
  {
    hash: text("hash").primaryKey(),
    sessionId: text("session_id")
      .$type<SessionId>()
      .notNull()
      .references(() => sessions.id, { onDelete: "cascade" }),
    playerId: text("player_id").$type<PlayerId>().notNull(),
    expiresAtMs: integer("expires_at_ms").notNull(),
  },
  (table) => [
    index("stream_tickets_session").on(table.sessionId),
    index("stream_tickets_expiry").on(table.expiresAtMs),
    check("stream_tickets_hash", sql`length(${table.hash}) = 64`),
  ],
);

/**
 * Ways back to a player besides a password: a device's key (by its SHA-256), or who an identity
 * provider says it is.
 */
export const identities = sqliteTable(
  "identities",
  {
    provider: text("provider").notNull(),
    subject: text("subject").notNull(),
    playerId: text("player_id")
      .$type<PlayerId>()
      .notNull()
      .references(() => players.id, { onDelete: "cascade" }),
    createdAtMs: integer("created_at_ms").notNull(),
    usedAtMs: integer("used_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.provider, table.subject] }),
    index("identities_player").on(table.playerId),
    check("identities_names", sql`length(${table.provider}) > 0 AND length(${table.subject}) > 0`),
  ],
);

/** Sign-ins at an OpenID provider that are under way, by the SHA-256 of what the client keeps. */
export const oidcFlows = sqliteTable(
  "oidc_flows",
  {
    hash: text("hash").primaryKey(),
    state: text("state").notNull(),
    nonce: text("nonce").notNull(),
    codeVerifier: text("code_verifier").notNull(),
    expiresAtMs: integer("expires_at_ms").notNull(),
  },
  (table) => [index("oidc_flows_expiry").on(table.expiresAtMs)],
);

/** Players who may not log in; without an end it is for ever. */
export const bans = sqliteTable(
  "bans",
  {
    playerId: text("player_id")
      .$type<PlayerId>()
      .primaryKey()
      .references(() => players.id, { onDelete: "cascade" }),
    reason: text("reason").notNull(),
    byPlayerId: text("by_player_id").$type<PlayerId>().notNull(),
    bannedAtMs: integer("banned_at_ms").notNull(),
    endsAtMs: integer("ends_at_ms"),
  },
  (table) => [check("bans_end", sql`coalesce(${table.endsAtMs} > ${table.bannedAtMs}, 1)`)],
);

/** Ed25519 keys: the newest that may sign does, and all that are not retired verify. */
export const signingKeys = sqliteTable(
  "signing_keys",
  {
    id: text("id").primaryKey(),
    privateJwk: text("private_jwk").notNull(),
    publicJwk: text("public_jwk").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    signsFromMs: integer("signs_from_ms").notNull(),
    /** May lie in the future. */
    retiredAtMs: integer("retired_at_ms"),
  },
  (table) => [
    check(
      "signing_keys_json",
      sql`json_valid(${table.privateJwk}) AND json_valid(${table.publicJwk})`,
    ),
  ],
);

/** Words of a closed list, as a CHECK takes them. */
function listed(words: readonly string[]): SQL {
  return sql.raw(words.map((word) => `'${word}'`).join(", "));
}
