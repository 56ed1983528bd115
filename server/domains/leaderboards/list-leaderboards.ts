import { asc } from "drizzle-orm";
import { leaderboards } from "#shared/infra/db/schema/control.ts";
import { LEADERBOARDS_LENGTH_MAX, type LeaderboardList } from "#shared/model/leaderboards.ts";
import { type BoardDeps, toLeaderboard } from "./find-season.ts";

/** All leaderboards, by name. */
export async function listLeaderboards({ database }: BoardDeps): Promise<LeaderboardList> {
  const rows = await database.orm
    .select()
    .from(leaderboards)
    .orderBy(asc(leaderboards.id))
    .limit(LEADERBOARDS_LENGTH_MAX);
  return { leaderboards: rows.map(toLeaderboard) };
}
