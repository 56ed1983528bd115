import {
  AroundInput,
  CreateLeaderboardInput,
  DeletedLeaderboard,
  EndSeasonInput,
  HistoryInput,
  LeaderboardInput,
  LeaderboardList,
  LeaderboardNow,
  ListSeasonsInput,
  ScoreHistory,
  ScorePage,
  ScoresAround,
  SeasonPage,
  SubmitScoreInput,
  SubmittedScore,
  TopScoresInput,
} from "#shared/model/leaderboards.ts";
import { protectedRest } from "../../rest-route.ts";
import { adminProcedure, playerProcedure, router, serviceProcedure } from "../../trpc.ts";
import { createLeaderboard, ensureLeaderboard, getLeaderboard } from "./create-leaderboard.ts";
import { deleteLeaderboard } from "./delete-leaderboard.ts";
import { endSeason } from "./end-season.ts";
import { listHistory } from "./list-history.ts";
import { listLeaderboards } from "./list-leaderboards.ts";
import { listScores } from "./list-scores.ts";
import { listScoresAround } from "./list-scores-around.ts";
import { listSeasons } from "./list-seasons.ts";
import { submitScore } from "./submit-score.ts";

/** Who is the best; scores come from the game's own servers, never from players. */
export const leaderboardsRouter = router({
  list: playerProcedure
    .meta(protectedRest("GET", "/leaderboards", "All leaderboards"))
    .output(LeaderboardList)
    .query(({ ctx }) => listLeaderboards(ctx.deps)),
  get: playerProcedure
    .meta(protectedRest("GET", "/leaderboards/{leaderboardId}", "One, and its present season"))
    .input(LeaderboardInput)
    .output(LeaderboardNow)
    .query(({ ctx, input }) => getLeaderboard(ctx.deps, input.leaderboardId)),
  top: playerProcedure
    .meta(
      protectedRest("GET", "/leaderboards/{leaderboardId}/scores", "A page of a season's table"),
    )
    .input(TopScoresInput)
    .output(ScorePage)
    .query(({ ctx, input }) => listScores(ctx.deps, input)),
  around: playerProcedure
    .meta(protectedRest("GET", "/leaderboards/{leaderboardId}/around", "Places around a player's"))
    .input(AroundInput)
    .output(ScoresAround)
    .query(({ ctx, input }) => listScoresAround(ctx.deps, ctx.actor, input)),
  history: playerProcedure
    .meta(protectedRest("GET", "/leaderboards/{leaderboardId}/history", "A player's seasons"))
    .input(HistoryInput)
    .output(ScoreHistory)
    .query(({ ctx, input }) => listHistory(ctx.deps, ctx.actor, input)),
  seasons: playerProcedure
    .meta(protectedRest("GET", "/leaderboards/{leaderboardId}/seasons", "All seasons"))
    .input(ListSeasonsInput)
    .output(SeasonPage)
    .query(({ ctx, input }) => listSeasons(ctx.deps, input)),
  create: adminProcedure
    .meta(protectedRest("POST", "/leaderboards", "Make a leaderboard"))
    .input(CreateLeaderboardInput)
    .output(LeaderboardNow)
    .mutation(({ ctx, input }) => createLeaderboard(ctx.deps, ctx.actor, input)),
  endSeason: adminProcedure
    .meta(
      protectedRest(
        "POST",
        "/leaderboards/{leaderboardId}/seasons/{season}/end",
        "End the present season before its time",
      ),
    )
    .input(EndSeasonInput)
    .output(LeaderboardNow)
    .mutation(({ ctx, input }) => endSeason(ctx.deps, ctx.actor, input)),
  delete: adminProcedure
    .meta(
      protectedRest("DELETE", "/leaderboards/{leaderboardId}", "Delete one with all its seasons"),
    )
    .input(LeaderboardInput)
    .output(DeletedLeaderboard)
    .mutation(({ ctx, input }) => deleteLeaderboard(ctx.deps, ctx.actor, input)),
  ensure: serviceProcedure
    .meta(protectedRest("PUT", "/leaderboards/{leaderboardId}", "Make one that is not there yet"))
    .input(CreateLeaderboardInput)
    .output(LeaderboardNow)
    .mutation(({ ctx, input }) => ensureLeaderboard(ctx.deps, input)),
  submit: serviceProcedure
    .meta(protectedRest("POST", "/leaderboards/{leaderboardId}/scores", "Count a player's score"))
    .input(SubmitScoreInput)
    .output(SubmittedScore)
    .mutation(({ ctx, input }) => submitScore(ctx.deps, input)),
});
