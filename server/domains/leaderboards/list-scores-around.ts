import { sql } from "drizzle-orm";
import { leaderboardScores } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { AroundInput, ScoresAround } from "#shared/model/leaderboards.ts";
import type { Actor } from "../../context.ts";
import { type BoardDeps, findSeason } from "./find-season.ts";
import { isOf, placeOf, readPlaces } from "./score-table.ts";

/** The places around a player's; near the top, those below fill what is missing above. */
export async function listScoresAround(
  deps: BoardDeps,
  actor: Actor,
  { playerId = actor.playerId, limit, ...asked }: AroundInput,
): Promise<ScoresAround> {
  const table = await findSeason(deps, asked);
  const above = Math.floor((limit - 1) / 2);
  const first = sql`SELECT weight, sequence FROM (
      SELECT weight, sequence FROM ${leaderboardScores} AS score WHERE ${isOf(table)}
        AND (weight, sequence) <= (${placeOf(table, playerId)})
      ORDER BY weight DESC, sequence DESC LIMIT ${above + 1}
    ) ORDER BY weight, sequence LIMIT 1`;
  const places = await readPlaces(deps.database, table, { first, limit });
  if (places.length > 0) {
    return { season: table.number, entries: places.map(({ entry }) => entry) };
  }
  const cannot = `cannot find the place of player ${playerId}`;
  const message = `${cannot}: there is no score in season ${table.number}`;
  throw new AppError("NOT_FOUND", message);
}
