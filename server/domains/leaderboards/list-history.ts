import { sql } from "drizzle-orm";
import { leaderboardScores, players } from "#shared/infra/db/schema/control.ts";
import type { HistoryInput, ScoreHistory } from "#shared/model/leaderboards.ts";
import type { Actor } from "../../context.ts";
import { type BoardDeps, findSeason } from "./find-season.ts";
import { type PlaceRow, placeColumns, toEntry } from "./score-table.ts";

interface SeasonPlaceRow extends PlaceRow {
  readonly season: number;
  readonly better: number;
}

/** A player's places in one season after the other, the newest first. */
export async function listHistory(
  deps: BoardDeps,
  actor: Actor,
  { leaderboardId, playerId = actor.playerId, limit, cursor }: HistoryInput,
): Promise<ScoreHistory> {
  const { board, current } = await findSeason(deps, { leaderboardId });
  const before = cursor ?? current.number + 1;
  // The plus keeps SQLite from going through the whole leaderboard instead of the player's scores.
  const rows = await deps.database.orm.all<SeasonPlaceRow>(sql`
    SELECT ${placeColumns}, score.season AS season, (
        SELECT count(*) FROM ${leaderboardScores} AS other
        WHERE other.leaderboard_id = score.leaderboard_id AND other.season = score.season
          AND other.weight < score.weight
      ) AS better
    FROM ${leaderboardScores} AS score JOIN ${players} AS player ON player.id = score.player_id
    WHERE +score.leaderboard_id = ${leaderboardId} AND score.player_id = ${playerId}
      AND score.season < ${before}
    ORDER BY score.season DESC LIMIT ${limit + 1}`);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const places = page.map((row) => ({
    season: row.season,
    entry: toEntry(row, row.better + 1, board),
  }));
  return { places, nextCursor: last?.season ?? null };
}
