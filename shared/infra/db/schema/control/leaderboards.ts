import { sql } from "drizzle-orm";
import {
  check,
  foreignKey,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
} from "drizzle-orm/sqlite-core";
import type { PlayerId } from "#shared/model/ids.ts";
import type { Leaderboard } from "#shared/model/leaderboards.ts";
import { players } from "./players.ts";

/** Tables of scores, and how they count. */
export const leaderboards = sqliteTable(
  "leaderboards",
  {
    id: text("id").primaryKey(),
    title: text("title").notNull(),
    order: text("order").$type<Leaderboard["order"]>().notNull(),
    operator: text("operator").$type<Leaderboard["operator"]>().notNull(),
    reset: text("reset").$type<Leaderboard["reset"]>().notNull(),
    periodSeconds: integer("period_seconds"),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [
    check("leaderboards_order", sql`${table.order} IN ('descending', 'ascending')`),
    check("leaderboards_operator", sql`${table.operator} IN ('best', 'last', 'sum')`),
    check(
      "leaderboards_reset",
      sql`${table.reset} IN ('never', 'daily', 'weekly', 'monthly', 'period')
        AND (${table.reset} = 'period') = (${table.periodSeconds} IS NOT NULL)`,
    ),
  ],
);

/** The seasons of a leaderboard; the one with the highest number is the present one. */
export const leaderboardSeasons = sqliteTable(
  "leaderboard_seasons",
  {
    leaderboardId: text("leaderboard_id")
      .notNull()
      .references(() => leaderboards.id, { onDelete: "cascade" }),
    number: integer("number").notNull(),
    startsAtMs: integer("starts_at_ms").notNull(),
    /** Null while nothing but staff ends it. */
    endsAtMs: integer("ends_at_ms"),
    /** How many there were: the order of those with equal scores. */
    submissions: integer("submissions").notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.leaderboardId, table.number] }),
    check("leaderboard_seasons_number", sql`${table.number} >= 1 AND ${table.submissions} >= 0`),
  ],
);

/** One player's score in one season. */
export const leaderboardScores = sqliteTable(
  "leaderboard_scores",
  {
    leaderboardId: text("leaderboard_id").notNull(),
    season: integer("season").notNull(),
    playerId: text("player_id")
      .$type<PlayerId>()
      .notNull()
      .references(() => players.id, { onDelete: "cascade" }),
    /** The score, negative where the highest is first: what is less is better, in any order. */
    weight: integer("weight").notNull(),
    /** Which of the season's submissions brought it: of equals, the lower one is first. */
    sequence: integer("sequence").notNull(),
    submissions: integer("submissions").notNull(),
    lastSubmissionId: text("last_submission_id"),
    reachedAtMs: integer("reached_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.leaderboardId, table.season, table.playerId] }),
    foreignKey({
      columns: [table.leaderboardId, table.season],
      foreignColumns: [leaderboardSeasons.leaderboardId, leaderboardSeasons.number],
    }).onDelete("cascade"),
    index("leaderboard_scores_place").on(
      table.leaderboardId,
      table.season,
      table.weight,
      table.sequence,
    ),
    index("leaderboard_scores_player").on(table.playerId),
  ],
);
