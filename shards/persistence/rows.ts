// Rows of the shard database as they are, damaged ones included: a value that is not what its
// column holds becomes one that no checksum fits.
import type { Database } from "#shared/infra/db/database.ts";
import {
  checksumOfAnswer,
  checksumOfOutbox,
  checksumOfPlayer,
  type RecordContent,
  type SnapshotContent,
} from "./checksums.ts";

export type ShardClient = Database<Record<string, unknown>>["client"];
type Row = Awaited<ReturnType<ShardClient["execute"]>>["rows"][number];

/** Rows that are read at once. */
const PAGE_ROWS = 500;

/** First columns of tables that are read page by page. */
const HEAD = wholes("rowid", "tick", "checksum");
const ANSWERS = `SELECT ${HEAD}, player_id, action_id, answer FROM answers`;
const PLAYER_STATES = `SELECT ${HEAD}, player_id, state FROM player_states`;
const OUTBOX = `SELECT ${HEAD}, id, topic, message FROM outbox`;

export interface ProgressRow {
  readonly epoch: number;
  readonly tick: number;
  readonly checksum: number;
}

export interface JournalRow extends RecordContent {
  readonly checksum: number;
}

export interface SnapshotRow extends SnapshotContent {
  readonly checksum: number;
}

export interface AnswerRow {
  readonly playerId: string;
  readonly actionId: Uint8Array;
  readonly tick: number;
  readonly answer: Uint8Array;
  /** Whether the row is as it was written. */
  readonly whole: boolean;
}

/** Undefined when there is no such row, as before the first use. */
export async function readProgress(client: ShardClient): Promise<ProgressRow | undefined> {
  const sql = `SELECT ${wholes("epoch", "tick", "checksum")} FROM progress`;
  const [row] = (await client.execute(sql)).rows;
  if (row === undefined) return undefined;
  return { epoch: number(row, 0), tick: number(row, 1), checksum: number(row, 2) };
}

/** Ticks of all snapshots, the newest first. */
export async function listSnapshots(client: ShardClient): Promise<number[]> {
  const { rows } = await client.execute(
    `SELECT ${wholes("tick")} FROM snapshots ORDER BY snapshots.tick DESC`,
  );
  return rows.map((row) => number(row, 0));
}

export async function readSnapshot(
  client: ShardClient,
  tick: number,
): Promise<SnapshotRow | undefined> {
  const columns = wholes("tick", "epoch", "saved_at_ms", "journal_checksum", "checksum");
  const { rows } = await client.execute({
    sql: `SELECT ${columns}, state FROM snapshots WHERE snapshots.tick = ?`,
    args: [tick],
  });
  const [row] = rows;
  if (row === undefined) return undefined;
  return {
    tick: number(row, 0),
    epoch: number(row, 1),
    savedAtMs: number(row, 2),
    journalChecksum: number(row, 3),
    checksum: number(row, 4),
    state: bytes(row, 5),
  };
}

/** Records of the journal after `after`, up to `to`, in order of tick, a page of them. */
export async function readJournal(
  client: ShardClient,
  after: number,
  to: number,
): Promise<JournalRow[]> {
  const { rows } = await client.execute({
    sql:
      `SELECT ${wholes("tick", "epoch", "checksum")}, state_hash, inputs FROM journal ` +
      "WHERE journal.tick > ? AND journal.tick <= ? ORDER BY journal.tick LIMIT ?",
    args: [after, to, PAGE_ROWS],
  });
  return rows.map((row) => ({
    tick: number(row, 0),
    epoch: number(row, 1),
    checksum: number(row, 2),
    stateHash: row[3] === null ? null : text(row, 3),
    inputs: bytes(row, 4),
  }));
}

/** First and last tick of the journal; undefined when it is empty. */
export async function readJournalRange(
  client: ShardClient,
): Promise<{ first: number; last: number } | undefined> {
  const [row] = (await client.execute("SELECT min(tick), max(tick) FROM journal")).rows;
  if (row === undefined || row[0] === null) return undefined;
  return { first: number(row, 0), last: number(row, 1) };
}

/** Resume tokens' hashes by player, without sessions that have ended. */
export async function readSessions(client: ShardClient): Promise<Map<string, string>> {
  // As two texts: a hundred thousand rows cost the driver three times as long.
  const { rows } = await client.execute(
    "SELECT json_group_array(player_id), json_group_array(token_hash) FROM sessions " +
      "WHERE token_hash IS NOT NULL",
  );
  const [players, tokens] = [0, 1].map((column): string[] => {
    return rows[0] === undefined ? [] : JSON.parse(text(rows[0], column));
  });
  return new Map(players?.map((playerId, index) => [playerId, tokens?.[index] ?? ""]));
}

/** All answers, the oldest first. */
export async function* readAnswers(client: ShardClient): AsyncGenerator<AnswerRow> {
  for await (const row of readPages(client, ANSWERS)) yield answerOf(row);
}

/** A player's latest answers, the oldest first. */
export async function readAnswersOf(
  client: ShardClient,
  playerId: string,
  count: number,
): Promise<AnswerRow[]> {
  const { rows } = await client.execute({
    sql: `${ANSWERS} WHERE player_id = ? ORDER BY answers.rowid DESC LIMIT ?`,
    args: [playerId, count],
  });
  return rows.map(answerOf).reverse();
}

/** What is kept of players who left: whose it is and whether it is as it was written. */
export async function* checkPlayerStates(
  client: ShardClient,
): AsyncGenerator<{ playerId: string; whole: boolean }> {
  for await (const row of readPages(client, PLAYER_STATES)) {
    yield { playerId: text(row, 3), whole: playerStateOf(row).whole };
  }
}

export async function readPlayerState(
  client: ShardClient,
  playerId: string,
): Promise<{ state: Uint8Array; whole: boolean } | undefined> {
  const { rows } = await client.execute({
    sql: `${PLAYER_STATES} WHERE player_id = ?`,
    args: [playerId],
  });
  const [row] = rows;
  return row && playerStateOf(row);
}

export interface OutboxRow {
  readonly id: string;
  readonly topic: string;
  readonly message: Uint8Array;
  readonly whole: boolean;
}

/** The outbox, the oldest first. */
export async function readOutbox(client: ShardClient, count: number): Promise<OutboxRow[]> {
  const { rows } = await client.execute({
    sql: `${OUTBOX} ORDER BY outbox.rowid LIMIT ?`,
    args: [count],
  });
  return rows.map(outboxOf);
}

/** All of the outbox. */
export async function* readWholeOutbox(client: ShardClient): AsyncGenerator<OutboxRow> {
  for await (const row of readPages(client, OUTBOX)) yield outboxOf(row);
}

function answerOf(row: Row): AnswerRow {
  const content = {
    tick: number(row, 1),
    playerId: text(row, 3),
    actionId: bytes(row, 4),
    answer: bytes(row, 5),
  };
  return { ...content, whole: checksumOfAnswer(content) === number(row, 2) };
}

function playerStateOf(row: Row): { state: Uint8Array; whole: boolean } {
  const content = { tick: number(row, 1), playerId: text(row, 3), state: bytes(row, 4) };
  return { state: content.state, whole: checksumOfPlayer(content) === number(row, 2) };
}

function outboxOf(row: Row): OutboxRow {
  const [id, topic, message] = [text(row, 3), text(row, 4), bytes(row, 5)];
  const checksum = checksumOfOutbox({ id, tick: number(row, 1), topic, message });
  return { id, topic, message, whole: checksum === number(row, 2) };
}

/** All rows of a table in order of rowid, which is the first column of `select`. */
async function* readPages(client: ShardClient, select: string): AsyncGenerator<Row> {
  for (let after = -1; ; ) {
    const { rows } = await client.execute({
      sql: `${select} WHERE rowid > ? ORDER BY rowid LIMIT ?`,
      args: [after, PAGE_ROWS],
    });
    yield* rows;
    if (rows.length < PAGE_ROWS) return;
    after = Number(rows.at(-1)?.[0]);
  }
}

/** Columns of whole numbers; the driver refuses those beyond 2^53, which only damage makes. */
function wholes(...columns: readonly string[]): string {
  return columns.map((name) => `max(-1, min(${name}, ${Number.MAX_SAFE_INTEGER}))`).join(", ");
}

function number(row: Row, column: number): number {
  const value = row[column];
  return typeof value === "number" ? value : Number.NaN;
}

function text(row: Row, column: number): string {
  const value = row[column];
  return typeof value === "string" ? value : "";
}

function bytes(row: Row, column: number): Uint8Array {
  const value = row[column];
  return value instanceof ArrayBuffer ? new Uint8Array(value) : new Uint8Array(0);
}
