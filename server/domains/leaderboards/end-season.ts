import { and, eq, gt, isNull, or } from "drizzle-orm";
import { leaderboardSeasons } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { EndSeasonInput, LeaderboardNow } from "#shared/model/leaderboards.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { getLeaderboard } from "./create-leaderboard.ts";
import { findSeason } from "./find-season.ts";
import { findSeasonPeriod } from "./season-period.ts";

/** Ends the present season before its time; its table stays, and the next one begins at once. */
export async function endSeason(
  deps: ServerDeps,
  actor: Actor,
  { leaderboardId, season }: EndSeasonInput,
): Promise<LeaderboardNow> {
  const { board, current } = await findSeason(deps, { leaderboardId });
  if (current.number !== season) {
    const cannot = `cannot end season ${season} of ${leaderboardId}`;
    const message = `${cannot}: ${current.number} is the present one`;
    throw new AppError("CONFLICT", message);
  }
  const { orm } = deps.database;
  const nowMs = Math.trunc(deps.clock.wallMs());
  const { endsAtMs } = findSeasonPeriod(board, nowMs);
  const { number, endsAtMs: end } = leaderboardSeasons;
  const isIt = and(eq(leaderboardSeasons.leaderboardId, leaderboardId), eq(number, season));
  const next = { leaderboardId, number: season + 1, startsAtMs: nowMs, endsAtMs };
  const details = { leaderboard: leaderboardId, season };
  await deps.audit.write(
    { event: "leaderboard.season-ended", actorId: actor.playerId, targetId: null, details },
    ({ insert }) =>
      orm.batch([
        orm
          .update(leaderboardSeasons)
          .set({ endsAtMs: nowMs })
          .where(and(isIt, or(isNull(end), gt(end, nowMs)))),
        orm.insert(leaderboardSeasons).values(next).onConflictDoNothing(),
        insert(),
      ]),
  );
  return await getLeaderboard(deps, leaderboardId);
}
