import { count, eq } from "drizzle-orm";
import { leaderboardSeasons, leaderboards } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import {
  type CreateLeaderboardInput,
  LEADERBOARDS_LENGTH_MAX,
  type LeaderboardNow,
} from "#shared/model/leaderboards.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { type BoardDeps, findSeason, toLeaderboard, toSeason } from "./find-season.ts";
import { findSeasonPeriod, type LeaderboardRow } from "./season-period.ts";

/** Makes a leaderboard and its first season; one of that name is a conflict. */
export async function createLeaderboard(
  deps: ServerDeps,
  actor: Actor,
  input: CreateLeaderboardInput,
): Promise<LeaderboardNow> {
  const { leaderboardId } = input;
  if ((await findBoard(deps, leaderboardId)) !== undefined) throw makeConflict(leaderboardId);
  const inserts = await prepareBoard(deps, input);
  const details = { leaderboard: leaderboardId };
  await deps.audit.write(
    { event: "leaderboard.created", actorId: actor.playerId, targetId: null, details },
    ({ insert }) => deps.database.orm.batch([...inserts, insert()]),
  );
  return await getLeaderboard(deps, leaderboardId);
}

/** For a game's servers when they start: makes a leaderboard that is not there yet. */
export async function ensureLeaderboard(
  deps: BoardDeps,
  input: CreateLeaderboardInput,
): Promise<LeaderboardNow> {
  const { leaderboardId } = input;
  if ((await findBoard(deps, leaderboardId)) === undefined) {
    await deps.database.orm.batch(await prepareBoard(deps, input));
  }
  const now = await getLeaderboard(deps, leaderboardId);
  const { order, operator, reset, periodSeconds } = now.leaderboard;
  const isSame =
    order === input.order &&
    operator === input.operator &&
    reset === input.reset &&
    periodSeconds === (input.periodSeconds ?? null);
  if (isSame) return now;
  throw makeConflict(leaderboardId);
}

/** A leaderboard and its present season. */
export async function getLeaderboard(
  deps: BoardDeps,
  leaderboardId: string,
): Promise<LeaderboardNow> {
  const { board, current } = await findSeason(deps, { leaderboardId });
  return { leaderboard: toLeaderboard(board), season: toSeason(current, current.number) };
}

async function findBoard({ database }: BoardDeps, id: string): Promise<LeaderboardRow | undefined> {
  const [row] = await database.orm.select().from(leaderboards).where(eq(leaderboards.id, id));
  return row;
}

function makeConflict(id: string): AppError {
  return new AppError(
    "CONFLICT",
    `cannot make leaderboard ${id}: there is another one of that name; take another, or delete it`,
  );
}

/** Two servers that make the same one at once make it once. */
async function prepareBoard(
  { database: { orm }, clock }: BoardDeps,
  input: CreateLeaderboardInput,
) {
  const [there] = await orm.select({ count: count() }).from(leaderboards);
  if ((there?.count ?? 0) >= LEADERBOARDS_LENGTH_MAX) {
    const many = `there are ${LEADERBOARDS_LENGTH_MAX}`;
    const message = `cannot make a leaderboard: ${many}; delete one first`;
    throw new AppError("CONFLICT", message);
  }
  const { leaderboardId, periodSeconds = null, title, order, operator, reset } = input;
  const createdAtMs = Math.trunc(clock.wallMs());
  const row = { id: leaderboardId, title, order, operator, reset, periodSeconds, createdAtMs };
  const { endsAtMs } = findSeasonPeriod(row, createdAtMs);
  const season = { leaderboardId, number: 1, startsAtMs: createdAtMs, endsAtMs };
  return [
    orm.insert(leaderboards).values(row).onConflictDoNothing(),
    orm.insert(leaderboardSeasons).values(season).onConflictDoNothing(),
  ] as const;
}
