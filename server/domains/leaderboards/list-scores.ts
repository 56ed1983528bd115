import { sql } from "drizzle-orm";
import { leaderboardScores } from "#shared/infra/db/schema/control.ts";
import type { ScorePage, TopScoresInput } from "#shared/model/leaderboards.ts";
import { type BoardDeps, findSeason } from "./find-season.ts";
import { isOf, readPlaces } from "./score-table.ts";

/** A page of a season's table from the top, or from where an earlier page ended. */
export async function listScores(deps: BoardDeps, input: TopScoresInput): Promise<ScorePage> {
  const table = await findSeason(deps, input);
  const { limit, cursor } = input;
  const [weight, sequence] = cursor?.split(":") ?? [];
  const beyond =
    cursor === undefined
      ? sql``
      : sql`AND (weight, sequence) > (CAST(${weight} AS INTEGER), CAST(${sequence} AS INTEGER))`;
  const first = sql`SELECT weight, sequence FROM ${leaderboardScores} AS score
    WHERE ${isOf(table)} ${beyond} ORDER BY weight, sequence LIMIT 1`;
  const places = await readPlaces(deps.database, table, { first, limit: limit + 1 });
  const page = places.slice(0, limit);
  const last = places.length > limit ? page.at(-1) : undefined;
  const entries = page.map(({ entry }) => entry);
  return { season: table.number, entries, nextCursor: last?.cursor ?? null };
}
