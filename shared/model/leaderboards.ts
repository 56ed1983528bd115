/** Leaderboards: tables of scores, begun anew with each season. */
import { z } from "zod";
import { PlayerId } from "./ids.ts";

/** Leaderboards of a deployment; one more is refused. */
export const LEADERBOARDS_LENGTH_MAX = 100;
const PERIOD_SECONDS_MAX = 10 * 365 * 24 * 3600;
const SCORE_MAX = 2n ** 63n - 1n;
const SCORE_RULE =
  "must be a whole number within ±(2^53 - 1), or as a decimal text within ±(2^63 - 1)";

const LeaderboardId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/, "must be 1 to 64 of a-z, 0-9 and -, starting with a letter")
  .meta({ examples: ["kills"] });

const SeasonNumber = z.coerce
  .number()
  .int()
  .min(1)
  .max(2 ** 31)
  .meta({ description: "Seasons count from 1" });

/** Exact up to 64 bits; whatever a game counts, money included, is not rounded on its way. */
const Score = z
  .union([z.int(SCORE_RULE), z.string().regex(/^-?(0|[1-9][0-9]{0,18})$/, SCORE_RULE)], {
    error: SCORE_RULE,
  })
  .transform((given) => BigInt(given))
  .refine((score) => score <= SCORE_MAX && score >= -SCORE_MAX, SCORE_RULE)
  .meta({ description: "A whole number, as a text beyond 2^53 - 1", examples: [1200] });

const settings = {
  title: z.string().trim().min(1, "must not be empty").max(100),
  order: z
    .enum(["descending", "ascending"])
    .default("descending")
    .meta({ description: "descending: the highest score is first" }),
  operator: z
    .enum(["best", "last", "sum"])
    .default("best")
    .meta({ description: "What a player's next score does to the one before" }),
  reset: z
    .enum(["never", "daily", "weekly", "monthly", "period"])
    .default("never")
    .meta({ description: "When a season ends: at midnight UTC, weeks on Mondays" }),
  periodSeconds: z
    .int()
    .min(60)
    .max(PERIOD_SECONDS_MAX)
    .optional()
    .meta({ description: "How long a season is, with reset period" }),
};

/** Input of leaderboards.create and leaderboards.ensure. */
export const CreateLeaderboardInput = z
  .object({ leaderboardId: LeaderboardId, ...settings })
  .refine(({ reset, periodSeconds }) => (reset === "period") === (periodSeconds !== undefined), {
    path: ["periodSeconds"],
    message: "must be given with reset period, and only then",
  });
export type CreateLeaderboardInput = z.infer<typeof CreateLeaderboardInput>;

export const Leaderboard = z
  .object({
    id: z.string(),
    title: z.string(),
    order: z.enum(["descending", "ascending"]),
    operator: z.enum(["best", "last", "sum"]),
    reset: z.enum(["never", "daily", "weekly", "monthly", "period"]),
    periodSeconds: z.int().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "Leaderboard" });
export type Leaderboard = z.infer<typeof Leaderboard>;

export const Season = z
  .object({
    season: z.int(),
    current: z.boolean(),
    startsAt: z.iso.datetime(),
    endsAt: z.iso
      .datetime()
      .nullable()
      .meta({ description: "Null when nothing but staff ends it" }),
  })
  .meta({ id: "Season" });
export type Season = z.infer<typeof Season>;

/** Answer of leaderboards.get, create and ensure. */
export const LeaderboardNow = z.object({ leaderboard: Leaderboard, season: Season });
export type LeaderboardNow = z.infer<typeof LeaderboardNow>;

export const LeaderboardList = z.object({ leaderboards: z.array(Leaderboard) });
export type LeaderboardList = z.infer<typeof LeaderboardList>;

export const LeaderboardInput = z.object({ leaderboardId: LeaderboardId });
export type LeaderboardInput = z.infer<typeof LeaderboardInput>;

export const DeletedLeaderboard = z.object({ deleted: z.literal(true) });
export type DeletedLeaderboard = z.infer<typeof DeletedLeaderboard>;

export const EndSeasonInput = LeaderboardInput.extend({ season: SeasonNumber });
export type EndSeasonInput = z.infer<typeof EndSeasonInput>;

export const SubmitScoreInput = LeaderboardInput.extend({
  playerId: PlayerId,
  score: Score,
  submissionId: z
    .uuid()
    .optional()
    .meta({ description: "Sent again with the same one, a player's latest score counts once" }),
});
export type SubmitScoreInput = z.infer<typeof SubmitScoreInput>;

/** One place of a table. */
export const ScoreEntry = z
  .object({
    rank: z
      .int()
      .meta({ description: "The same for equal scores; who had it first is listed first" }),
    playerId: PlayerId,
    displayName: z.string(),
    score: z.string().meta({ description: "A whole number; a text, since it may be beyond 2^53" }),
    submissions: z.int().meta({ description: "Scores that the player had in this season" }),
    reachedAt: z.iso.datetime(),
  })
  .meta({ id: "ScoreEntry" });
export type ScoreEntry = z.infer<typeof ScoreEntry>;

/** Answer of leaderboards.submit. */
export const SubmittedScore = z.object({ season: z.int(), entry: ScoreEntry });
export type SubmittedScore = z.infer<typeof SubmittedScore>;

const Limit = z.coerce.number().int().min(1).max(100);
const WhichSeason = SeasonNumber.optional().meta({ description: "The current one when not given" });

export const TopScoresInput = LeaderboardInput.extend({
  season: WhichSeason,
  limit: Limit.default(20),
  cursor: z
    .string()
    .regex(/^-?[0-9]{1,19}:[0-9]{1,15}$/, "must be a cursor that an earlier answer gave")
    .optional(),
});
export type TopScoresInput = z.infer<typeof TopScoresInput>;

/** Answer of leaderboards.top. */
export const ScorePage = z.object({
  season: z.int(),
  entries: z.array(ScoreEntry),
  nextCursor: z.string().nullable().meta({ description: "Null when there are no more" }),
});
export type ScorePage = z.infer<typeof ScorePage>;

const Whose = PlayerId.optional().meta({ description: "Whose; the caller's when not given" });

export const AroundInput = LeaderboardInput.extend({
  playerId: Whose,
  season: WhichSeason,
  limit: Limit.default(11).meta({ description: "Places in all, the player's in the middle" }),
});
export type AroundInput = z.infer<typeof AroundInput>;

/** Answer of leaderboards.around. */
export const ScoresAround = z.object({ season: z.int(), entries: z.array(ScoreEntry) });
export type ScoresAround = z.infer<typeof ScoresAround>;

/** Of what goes back season by season; the cursor is the last season that was answered. */
export const ListSeasonsInput = LeaderboardInput.extend({
  limit: Limit.default(20),
  cursor: SeasonNumber.optional(),
});
export type ListSeasonsInput = z.infer<typeof ListSeasonsInput>;

/** Answer of leaderboards.seasons, the newest first. */
export const SeasonPage = z.object({
  seasons: z.array(Season),
  nextCursor: z.int().nullable(),
});
export type SeasonPage = z.infer<typeof SeasonPage>;

export const HistoryInput = ListSeasonsInput.extend({ playerId: Whose });
export type HistoryInput = z.infer<typeof HistoryInput>;

/** Answer of leaderboards.history: seasons that the player had a score in, the newest first. */
export const ScoreHistory = z.object({
  places: z.array(z.object({ season: z.int(), entry: ScoreEntry })),
  nextCursor: z.int().nullable(),
});
export type ScoreHistory = z.infer<typeof ScoreHistory>;
