// Reading a season's table. Places are counted in one direction only, by (weight, sequence): less
// is better. A page begins with the row that `first` finds; how many stand before that one is
// counted once, and the ranks of the others follow from it.
import { type SQL, sql } from "drizzle-orm";
import { leaderboardScores, players } from "#shared/infra/db/schema/control.ts";
import type { PlayerId } from "#shared/model/ids.ts";
import type { ScoreEntry } from "#shared/model/leaderboards.ts";
import type { ControlDatabase } from "../../deps.ts";
import type { LeaderboardRow } from "./season-period.ts";

/** One season of one leaderboard. */
export interface Table {
  readonly board: LeaderboardRow;
  readonly number: number;
}

export interface PlaceRow {
  readonly playerId: PlayerId;
  readonly displayName: string;
  /** As a text: it may be beyond 2^53. */
  readonly weight: string;
  readonly sequence: number;
  readonly submissions: number;
  readonly reachedAtMs: number;
}

/** An entry, and where it stands for who asks for what follows. */
export interface Place {
  readonly entry: ScoreEntry;
  readonly cursor: string;
}

interface Before {
  readonly all: number;
  readonly better: number;
}

export const placeColumns = sql`score.player_id AS playerId, player.display_name AS displayName,
  CAST(score.weight AS TEXT) AS weight, score.sequence AS sequence,
  score.submissions AS submissions, score.reached_at_ms AS reachedAtMs`;

/** At most `limit` places from the one that `first` finds on, all of one moment. */
export async function readPlaces(
  { orm }: ControlDatabase,
  table: Table,
  { first, limit }: { readonly first: SQL; readonly limit: number },
): Promise<Place[]> {
  const [rows, [before]] = await orm.batch([
    orm.all<PlaceRow>(sql`WITH first AS MATERIALIZED (${first})
      SELECT ${placeColumns} FROM ${leaderboardScores} AS score
      JOIN ${players} AS player ON player.id = score.player_id
      WHERE ${isOf(table)}
        AND (score.weight, score.sequence) >= (SELECT weight, sequence FROM first)
      ORDER BY score.weight, score.sequence LIMIT ${limit}`),
    orm.all<Before>(sql`WITH first AS MATERIALIZED (${first})
      SELECT count(*) AS "all",
        count(*) FILTER (WHERE score.weight < (SELECT weight FROM first)) AS better
      FROM ${leaderboardScores} AS score WHERE ${isOf(table)}
        AND (score.weight, score.sequence) < (SELECT weight, sequence FROM first)`),
  ]);
  let rank = (before?.better ?? 0) + 1;
  return rows.map((row, index) => {
    if (index > 0 && rows[index - 1]?.weight !== row.weight) rank = (before?.all ?? 0) + index + 1;
    return { entry: toEntry(row, rank, table.board), cursor: `${row.weight}:${row.sequence}` };
  });
}

/** The rows of a table named `score`. */
export function isOf({ board, number }: Table): SQL {
  return sql`score.leaderboard_id = ${board.id} AND score.season = ${number}`;
}

/** The place of a player, as `first` of readPlaces. */
export function placeOf(table: Table, playerId: PlayerId): SQL {
  return sql`SELECT weight, sequence FROM ${leaderboardScores} AS score
    WHERE ${isOf(table)} AND score.player_id = ${playerId}`;
}

/** A row as the API shows it. */
export function toEntry(row: PlaceRow, rank: number, board: LeaderboardRow): ScoreEntry {
  const { playerId, displayName, submissions } = row;
  const weight = BigInt(row.weight);
  const score = String(board.order === "descending" ? -weight : weight);
  const reachedAt = new Date(row.reachedAtMs).toISOString();
  return { rank, playerId, displayName, score, submissions, reachedAt };
}
