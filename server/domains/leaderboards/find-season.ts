import { desc, eq } from "drizzle-orm";
import { leaderboardSeasons, leaderboards } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { Leaderboard, Season } from "#shared/model/leaderboards.ts";
import type { ServerDeps } from "../../deps.ts";
import { findSeasonPeriod, type LeaderboardRow } from "./season-period.ts";

export type BoardDeps = Pick<ServerDeps, "database" | "clock">;
export type SeasonRow = typeof leaderboardSeasons.$inferSelect;

/** A leaderboard with one of its seasons. */
export interface BoardSeason {
  readonly board: LeaderboardRow;
  /** The present one. */
  readonly current: SeasonRow;
  /** Of the season that was asked for. */
  readonly number: number;
}

/**
 * A leaderboard and its present season. A season whose time is over is followed by the next one
 * when somebody looks: nothing has to run at midnight, and a time that nobody looked at has no
 * season of its own.
 */
export async function findSeason(
  deps: BoardDeps,
  { leaderboardId, season }: { leaderboardId: string; season?: number | undefined },
): Promise<BoardSeason> {
  const nowMs = Math.trunc(deps.clock.wallMs());
  let { board, current } = await readBoard(deps, leaderboardId);
  if (current.endsAtMs !== null && current.endsAtMs <= nowMs) {
    const period = findSeasonPeriod(board, nowMs);
    const startsAtMs = Math.max(period.startsAtMs, current.endsAtMs);
    const next = { ...period, leaderboardId, number: current.number + 1, startsAtMs };
    await deps.database.orm.insert(leaderboardSeasons).values(next).onConflictDoNothing();
    ({ board, current } = await readBoard(deps, leaderboardId));
  }
  if (season === undefined || season <= current.number) {
    return { board, current, number: season ?? current.number };
  }
  const message = `cannot find season ${season} of ${leaderboardId}: ${current.number} is the last`;
  throw new AppError("NOT_FOUND", message);
}

async function readBoard({ database: { orm } }: BoardDeps, leaderboardId: string) {
  const [[board], [current]] = await orm.batch([
    orm.select().from(leaderboards).where(eq(leaderboards.id, leaderboardId)),
    orm
      .select()
      .from(leaderboardSeasons)
      .where(eq(leaderboardSeasons.leaderboardId, leaderboardId))
      .orderBy(desc(leaderboardSeasons.number))
      .limit(1),
  ]);
  if (board !== undefined && current !== undefined) return { board, current };
  throw new AppError("NOT_FOUND", `cannot find leaderboard ${leaderboardId}: there is none`);
}

/** A row as the API shows it. */
export function toLeaderboard(row: LeaderboardRow): Leaderboard {
  const { id, title, order, operator, reset, periodSeconds, createdAtMs } = row;
  const createdAt = new Date(createdAtMs).toISOString();
  return { id, title, order, operator, reset, periodSeconds, createdAt };
}

/** A season as the API shows it; `current` is the number of the present one. */
export function toSeason({ number, startsAtMs, endsAtMs }: SeasonRow, current: number): Season {
  return {
    season: number,
    current: number === current,
    startsAt: new Date(startsAtMs).toISOString(),
    endsAt: endsAtMs === null ? null : new Date(endsAtMs).toISOString(),
  };
}
