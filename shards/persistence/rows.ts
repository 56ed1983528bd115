// Rows of the shard database as they are, damaged ones included: a value that is not what its
// column holds becomes one that no checksum fits. Texts are asked for as bytes: one that is not
// UTF-8 any more ends the process inside the driver.
import { asBytes, readText } from "#shared/infra/db/damaged-text.ts";
import type { Database } from "#shared/infra/db/database.ts";
import {
  checksumOfAnswer,
  checksumOfEpoch,
  checksumOfOutbox,
  checksumOfPlayer,
  checksumOfSession,
  checksumOfTicket,
  type RecordContent,
  type SnapshotContent,
} from "./checksums.ts";

export type ShardClient = Database<Record<string, unknown>>["client"];
type Row = Awaited<ReturnType<ShardClient["execute"]>>["rows"][number];

/** Rows that are read at once. */
const PAGE_ROWS = 500;

/** First columns of tables that are read page by page. */
const HEAD = wholes("rowid", "tick", "checksum");
const ANSWERS = `SELECT ${HEAD}, ${texts("player_id")}, action_id, answer FROM answers`;
const PLAYER_STATES = `SELECT ${HEAD}, ${texts("player_id")}, state FROM player_states`;
const OUTBOX = `SELECT ${HEAD}, ${texts("id", "topic")}, message FROM outbox`;
const TICKETS = `SELECT ${HEAD}, ${texts("id")}, ${wholes("expires_at_ms")} FROM used_tickets`;

/** What a row says of its being whole. */
export interface CheckedRow {
  /** In which it was written. */
  readonly tick: number;
  readonly checksum: number;
  /** Whether the row is as it was written. */
  readonly whole: boolean;
}

export interface ProgressRow {
  readonly epoch: number;
  /** Whether the epoch is as it was written. */
  readonly epochWhole: boolean;
  readonly tick: number;
  readonly checksum: number;
}

export interface JournalRow extends RecordContent {
  readonly checksum: number;
}

export interface SnapshotRow extends SnapshotContent {
  readonly checksum: number;
}

export interface AnswerRow extends CheckedRow {
  readonly playerId: string;
  readonly actionId: Uint8Array;
  readonly answer: Uint8Array;
}

/** Undefined when there is no such row, as before the first use. */
export async function readProgress(client: ShardClient): Promise<ProgressRow | undefined> {
  const sql = `SELECT ${wholes("epoch", "epoch_checksum", "tick", "checksum")} FROM progress`;
  const [row] = (await client.execute(sql)).rows;
  if (row === undefined) return undefined;
  const epoch = number(row, 0);
  const epochWhole = checksumOfEpoch(epoch) === number(row, 1);
  return { epoch, epochWhole, tick: number(row, 2), checksum: number(row, 3) };
}

/** What a table's triggers have added up; the checksums in decimal digits. */
export async function readTableSum(
  client: ShardClient,
  table: string,
): Promise<{ rows: number; checksums: string } | undefined> {
  const { rows } = await client.execute({
    sql: `SELECT ${wholes("row_count")}, ${texts("checksums")} FROM table_sums WHERE name = ?`,
    args: [table],
  });
  const [row] = rows;
  return row && { rows: number(row, 0), checksums: text(row, 1) };
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
      `SELECT ${wholes("tick", "epoch", "checksum")}, ${texts("state_hash")}, inputs ` +
      "FROM journal " +
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

export interface SessionRow extends CheckedRow {
  readonly playerId: string;
  /** Null: it has ended. */
  readonly tokenHash: string | null;
}

/** All sessions, in no order. */
export async function readSessions(client: ShardClient): Promise<Iterable<SessionRow>> {
  // Each column as a text: a hundred thousand rows cost the driver three times as long.
  const columns = ["player_id", "token_hash", "tick", "checksum"];
  const { rows } = await client.execute(
    `SELECT ${texts(...columns.map((name) => `json_group_array(${name})`))} FROM sessions`,
  );
  const [row] = rows;
  return row === undefined ? [] : sessionsOf(row);
}

function* sessionsOf(row: Row): Generator<SessionRow> {
  const playerIds: string[] = JSON.parse(text(row, 0));
  const tokenHashes: (string | null)[] = JSON.parse(text(row, 1));
  const [ticks, checksums] = [2, 3].map((column): number[] => JSON.parse(text(row, column)));
  for (const [index, playerId] of playerIds.entries()) {
    const tokenHash = tokenHashes[index] ?? null;
    const checksum = checksums?.[index] ?? Number.NaN;
    const content = { playerId, tokenHash, tick: ticks?.[index] ?? Number.NaN };
    yield { ...content, checksum, whole: checksumOfSession(content) === checksum };
  }
}

/** All tickets that were used up and are remembered. */
export async function* readTickets(
  client: ShardClient,
): AsyncGenerator<CheckedRow & { id: string }> {
  for await (const row of readPages(client, TICKETS)) {
    const content = { tick: number(row, 1), id: text(row, 3), expiresMs: number(row, 4) };
    const checksum = number(row, 2);
    yield { ...content, checksum, whole: checksumOfTicket(content) === checksum };
  }
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
): AsyncGenerator<CheckedRow & { playerId: string }> {
  for await (const row of readPages(client, PLAYER_STATES)) {
    yield playerStateOf(row);
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

export interface OutboxRow extends CheckedRow {
  readonly id: string;
  readonly topic: string;
  readonly message: Uint8Array;
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
  const checksum = number(row, 2);
  return { ...content, checksum, whole: checksumOfAnswer(content) === checksum };
}

function playerStateOf(row: Row): CheckedRow & { playerId: string; state: Uint8Array } {
  const content = { tick: number(row, 1), playerId: text(row, 3), state: bytes(row, 4) };
  const checksum = number(row, 2);
  return { ...content, checksum, whole: checksumOfPlayer(content) === checksum };
}

function outboxOf(row: Row): OutboxRow {
  const [id, topic, message] = [text(row, 3), text(row, 4), bytes(row, 5)];
  const checksum = number(row, 2);
  const content = { id, tick: number(row, 1), topic, message };
  return { ...content, checksum, whole: checksumOfOutbox(content) === checksum };
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

function texts(...columns: readonly string[]): string {
  return columns.map(asBytes).join(", ");
}

function number(row: Row, column: number): number {
  const value = row[column];
  return typeof value === "number" ? value : Number.NaN;
}

function text(row: Row, column: number): string {
  return readText(bytes(row, column));
}

function bytes(row: Row, column: number): Uint8Array {
  const value = row[column];
  return value instanceof ArrayBuffer ? new Uint8Array(value) : new Uint8Array(0);
}
