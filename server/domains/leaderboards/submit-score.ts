import { eq, type SQL, sql } from "drizzle-orm";
import { leaderboardScores, leaderboardSeasons, players } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { SubmitScoreInput, SubmittedScore } from "#shared/model/leaderboards.ts";
import { type BoardDeps, type BoardSeason, findSeason } from "./find-season.ts";
import { placeOf, readPlaces } from "./score-table.ts";

/** A season may end while a score is on its way into it; it then goes into the next one. */
const ATTEMPTS_MAX = 3;

const operations: Readonly<Record<BoardSeason["board"]["operator"], SQL>> = {
  best: sql`min(weight, excluded.weight)`,
  last: sql`excluded.weight`,
  sum: sql`weight + excluded.weight`,
};

/** Counts a score for a player in the present season, and tells the player's place. */
export async function submitScore(
  deps: BoardDeps,
  input: SubmitScoreInput,
): Promise<SubmittedScore> {
  const { leaderboardId, playerId, submissionId } = input;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const table = await findSeason(deps, { leaderboardId });
    const { isOpen, counted, lastSubmissionId } = await count(deps, table, input);
    if (!isOpen) continue;
    const isRepeated = submissionId !== undefined && lastSubmissionId === submissionId;
    if (!counted && !isRepeated) throw await explain(deps, input);
    const first = placeOf(table, playerId);
    const [place] = await readPlaces(deps.database, table, { first, limit: 1 });
    if (place !== undefined) return { season: table.number, entry: place.entry };
  }
  const message = `cannot count the score in ${leaderboardId}: its season is ending; try again`;
  throw new AppError("CONFLICT", message);
}

async function count(
  { database: { orm }, clock }: BoardDeps,
  { board, number }: BoardSeason,
  { playerId, score, submissionId }: SubmitScoreInput,
) {
  const nowMs = Math.trunc(clock.wallMs());
  const weight = String(board.order === "descending" ? -score : score);
  const after = operations[board.operator];
  const isOpen = sql`leaderboard_id = ${board.id} AND number = ${number}
    AND (ends_at_ms IS NULL OR ends_at_ms > ${nowMs})`;
  const [open, counted, last] = await orm.batch([
    orm.all(sql`UPDATE ${leaderboardSeasons} SET submissions = submissions + 1
      WHERE ${isOpen} RETURNING number`),
    // A sum beyond 64 bits would become a float: it is not written.
    orm.all(sql`INSERT INTO ${leaderboardScores} (leaderboard_id, season, player_id, weight,
        sequence, submissions, last_submission_id, reached_at_ms)
      SELECT leaderboard_id, number, ${playerId}, CAST(${weight} AS INTEGER), submissions, 1,
        ${submissionId ?? null}, ${nowMs}
      FROM ${leaderboardSeasons}
      WHERE ${isOpen} AND EXISTS (SELECT 1 FROM ${players} WHERE id = ${playerId})
      ON CONFLICT (leaderboard_id, season, player_id) DO UPDATE SET
        weight = ${after}, submissions = submissions + 1,
        last_submission_id = excluded.last_submission_id,
        sequence = iif(${after} = weight, sequence, excluded.sequence),
        reached_at_ms = iif(${after} = weight, reached_at_ms, excluded.reached_at_ms)
      WHERE typeof(${after}) = 'integer' AND ${after} > -9223372036854775807 - 1
        AND (excluded.last_submission_id IS NULL
          OR last_submission_id IS NOT excluded.last_submission_id)
      RETURNING player_id`),
    orm.all<{ id: string | null }>(sql`SELECT last_submission_id AS id
      FROM ${leaderboardScores} AS score
      WHERE leaderboard_id = ${board.id} AND season = ${number} AND player_id = ${playerId}`),
  ]);
  const lastSubmissionId = last[0]?.id ?? null;
  return { isOpen: open.length > 0, counted: counted.length > 0, lastSubmissionId };
}

async function explain(
  { database: { orm } }: BoardDeps,
  { leaderboardId, playerId }: SubmitScoreInput,
): Promise<AppError> {
  const [player] = await orm
    .select({ id: players.id })
    .from(players)
    .where(eq(players.id, playerId));
  const cannot = `cannot count the score in ${leaderboardId}`;
  if (player === undefined) return new AppError("NOT_FOUND", `${cannot}: there is no such player`);
  return new AppError("CONFLICT", `${cannot}: the sum would be beyond ±(2^63 - 1)`);
}
