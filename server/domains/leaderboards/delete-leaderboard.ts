import { eq } from "drizzle-orm";
import { leaderboards } from "#shared/infra/db/schema/control.ts";
import type { DeletedLeaderboard, LeaderboardInput } from "#shared/model/leaderboards.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { findSeason } from "./find-season.ts";

/** Deletes a leaderboard with all its seasons. */
export async function deleteLeaderboard(
  deps: ServerDeps,
  actor: Actor,
  { leaderboardId }: LeaderboardInput,
): Promise<DeletedLeaderboard> {
  await findSeason(deps, { leaderboardId });
  const { orm } = deps.database;
  const details = { leaderboard: leaderboardId };
  await deps.audit.write(
    { event: "leaderboard.deleted", actorId: actor.playerId, targetId: null, details },
    ({ insert }) =>
      orm.batch([orm.delete(leaderboards).where(eq(leaderboards.id, leaderboardId)), insert()]),
  );
  return { deleted: true };
}
