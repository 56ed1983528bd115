import type { leaderboards } from "#shared/infra/db/schema/control.ts";

export type LeaderboardRow = typeof leaderboards.$inferSelect;

export interface SeasonPeriod {
  readonly startsAtMs: number;
  readonly endsAtMs: number | null;
}

const DAY_MS = 24 * 3600 * 1_000;
/** 1970 began with a Thursday. */
const DAYS_SINCE_MONDAY_AT_ZERO = 3;

/** When a season that is there at `nowMs` began and ends, as the leaderboard's reset says. */
export function findSeasonPeriod(
  { reset, periodSeconds, createdAtMs }: LeaderboardRow,
  nowMs: number,
): SeasonPeriod {
  const day = Math.floor(nowMs / DAY_MS);
  if (reset === "daily") return { startsAtMs: day * DAY_MS, endsAtMs: (day + 1) * DAY_MS };
  if (reset === "weekly") {
    const monday = day - ((day + DAYS_SINCE_MONDAY_AT_ZERO) % 7);
    return { startsAtMs: monday * DAY_MS, endsAtMs: (monday + 7) * DAY_MS };
  }
  if (reset === "monthly") {
    const now = new Date(nowMs);
    const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
    return { startsAtMs: Date.UTC(year, month), endsAtMs: Date.UTC(year, month + 1) };
  }
  if (periodSeconds === null) return { startsAtMs: nowMs, endsAtMs: null };
  const periodMs = periodSeconds * 1_000;
  const periods = Math.floor((nowMs - createdAtMs) / periodMs);
  const startsAtMs = createdAtMs + periods * periodMs;
  return { startsAtMs, endsAtMs: startsAtMs + periodMs };
}
