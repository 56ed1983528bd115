import { and, desc, eq, lt } from "drizzle-orm";
import { leaderboardSeasons } from "#shared/infra/db/schema/control.ts";
import type { ListSeasonsInput, SeasonPage } from "#shared/model/leaderboards.ts";
import { type BoardDeps, findSeason, toSeason } from "./find-season.ts";

/** The seasons of a leaderboard, the present one first. */
export async function listSeasons(deps: BoardDeps, input: ListSeasonsInput): Promise<SeasonPage> {
  const { leaderboardId, limit, cursor } = input;
  const { current } = await findSeason(deps, { leaderboardId });
  const { number } = leaderboardSeasons;
  const beyond = cursor === undefined ? undefined : lt(number, cursor);
  const rows = await deps.database.orm
    .select()
    .from(leaderboardSeasons)
    .where(and(eq(leaderboardSeasons.leaderboardId, leaderboardId), beyond))
    .orderBy(desc(number))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const seasons = page.map((row) => toSeason(row, current.number));
  return { seasons, nextCursor: last?.number ?? null };
}
