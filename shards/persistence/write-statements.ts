// The SQL of a group commit. A statement is prepared each time it runs, so one that inserts many
// rows at once is what makes a commit cheap: about 3 µs a row instead of 10 and more.
import type { Statement } from "#shared/infra/db/database.ts";
import type { LoadRequest, TickRecord } from "../loop/messages.ts";
import {
  checksumOfAnswer,
  checksumOfEpoch,
  checksumOfOutbox,
  checksumOfPlayer,
  checksumOfRecord,
  checksumOfSession,
  checksumOfTicket,
} from "./checksums.ts";

/** Rows of one statement; SQLite takes 32,766 values. */
const ROWS_MAX = 200;

export type Ticket = NonNullable<LoadRequest["ticket"]>;

/** The end of the journal. */
export interface JournalEnd {
  readonly tick: number;
  readonly checksum: number;
}

type Value = string | number | null | Uint8Array;
type Row = readonly Value[];

/** The journal's records, one after the other behind `end`, and what follows for the next. */
export function journalStatements(
  records: readonly TickRecord[],
  epoch: number,
  end: JournalEnd,
): { statements: Statement[]; end: JournalEnd } {
  let { tick, checksum } = end;
  const rows = records.map((record): Row => {
    const { inputs } = record;
    const stateHash = record.stateHash ?? null;
    tick = record.tick;
    checksum = checksumOfRecord(checksum, { epoch, tick, stateHash, inputs });
    return [tick, epoch, stateHash, checksum, inputs];
  });
  const head = "INSERT INTO journal (tick, epoch, state_hash, checksum, inputs)";
  return { statements: insertRows(head, rows), end: { tick, checksum } };
}

/** What ticks leave behind beside the journal; of several for one player the last one counts. */
export function lastingStatements(records: readonly TickRecord[]): Statement[] {
  const states = new Map<string, Row>();
  const sessions = new Map<string, Row>();
  const answers: Row[] = [];
  const outbox: Row[] = [];
  for (const record of records) {
    const { tick } = record;
    for (const { playerId, state } of record.departed) {
      const checksum = checksumOfPlayer({ playerId, tick, state });
      states.set(playerId, [playerId, tick, checksum, state]);
    }
    for (const { playerId, tokenHash = null } of record.sessions) {
      const checksum = checksumOfSession({ playerId, tokenHash, tick });
      sessions.set(playerId, [playerId, tokenHash, tick, checksum]);
    }
    for (const { playerId, actionId, answer } of record.answers) {
      const checksum = checksumOfAnswer({ playerId, actionId, tick, answer });
      answers.push([playerId, actionId, tick, checksum, answer]);
    }
    for (const { id, topic, message } of record.outbox) {
      outbox.push([id, tick, topic, checksumOfOutbox({ id, tick, topic, message }), message]);
    }
  }
  return [
    ...insertRows(
      "INSERT INTO player_states (player_id, tick, checksum, state)",
      [...states.values()],
      "ON CONFLICT (player_id) DO UPDATE SET tick = excluded.tick, " +
        "checksum = excluded.checksum, state = excluded.state",
    ),
    ...insertRows(
      "INSERT INTO sessions (player_id, token_hash, tick, checksum)",
      [...sessions.values()],
      "ON CONFLICT (player_id) DO UPDATE SET token_hash = excluded.token_hash, " +
        "tick = excluded.tick, checksum = excluded.checksum",
    ),
    ...insertRows(
      "INSERT INTO answers (player_id, action_id, tick, checksum, answer)",
      answers,
      // The first answer is the one that was given.
      "ON CONFLICT DO NOTHING",
    ),
    ...insertRows(
      "INSERT INTO outbox (id, tick, topic, checksum, message)",
      outbox,
      "ON CONFLICT DO NOTHING",
    ),
  ];
}

/** Fails a transaction without a journal's record once a later owner has written. */
export function fenceStatement(epoch: number): Statement {
  const sql = "UPDATE progress SET epoch = ?, epoch_checksum = ?";
  return { sql, args: [epoch, checksumOfEpoch(epoch)] };
}

/** Uses up tickets, a statement each: its count of rows tells whether the ticket was fresh. */
export function ticketStatements(tickets: readonly Ticket[], tick: number): Statement[] {
  const sql =
    "INSERT INTO used_tickets (id, tick, expires_at_ms, checksum) VALUES (?, ?, ?, ?) " +
    "ON CONFLICT DO NOTHING";
  return tickets.map(({ id, expiresMs }) => {
    return { sql, args: [id, tick, expiresMs, checksumOfTicket({ id, tick, expiresMs })] };
  });
}

/** Deletes messages of the outbox that were told. */
export function toldStatements(ids: readonly string[]): Statement[] {
  return chunksOf(ids, ROWS_MAX).map((chunk) => ({
    sql: `DELETE FROM outbox WHERE id IN (${chunk.map(() => "?").join()})`,
    args: [...chunk],
  }));
}

function insertRows(head: string, rows: readonly Row[], tail = ""): Statement[] {
  return chunksOf(rows, ROWS_MAX).map((chunk) => {
    const row = `(${(chunk[0] ?? []).map(() => "?").join()})`;
    const values = Array.from(chunk, () => row).join();
    return { sql: `${head} VALUES ${values} ${tail}`, args: chunk.flat() };
  });
}

function chunksOf<T>(values: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let at = 0; at < values.length; at += size) chunks.push(values.slice(at, at + size));
  return chunks;
}
