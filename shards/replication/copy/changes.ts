// The steady state of a replica: a stretch of ticks with all that changed in them, read from one
// copy in one go and written to another in one transaction.
import { checksumOfEpoch } from "../../persistence/checksums.ts";
import {
  COPIED_FACTS,
  guard,
  HEAD_STATEMENTS,
  type Head,
  headOf,
  type Progress,
  writeFacts,
} from "./head.ts";
import { insertRows, numberOf, type Rows, rowsOf, type SqlClient, type Statement } from "./sql.ts";

/** Bounds of a stretch; more waits for the next one. */
const TICKS_MAX = 128;
const JOURNAL_BYTES_MAX = 1_048_576;
const ANSWERS_PER_PLAYER = 64;

/** Tables whose rows tell in which tick they changed last. */
export const CHANGING_TABLES = [
  "player_states",
  "sessions",
  "used_tickets",
  "answers",
  "outbox",
] as const;

/** Last tick of the stretch after `after`: the bounds may let in one record beyond them. */
const REACH = `(SELECT max(tick) FROM (
  SELECT tick, sum(length(inputs)) OVER (ORDER BY tick) - length(inputs) AS before
  FROM journal WHERE tick > ?1 AND tick <= ?1 + ${TICKS_MAX}
) WHERE before < ${JOURNAL_BYTES_MAX})`;

/** What happened after a tick. */
export interface Changes {
  head: Head;
  /** The chain's checksum at the tick after which was asked; undefined: not known any more. */
  link: number | undefined;
  journal: Rows;
  tables: readonly { table: string; rows: Rows }[];
  /** Messages of the outbox before this tick have all been told. */
  outboxTick: number | undefined;
}

/** Reads what follows `after`, all of one moment. */
export async function readChanges(client: SqlClient, after: number): Promise<Changes> {
  const ask = (sql: string): Statement => ({ sql, args: [after] });
  const results = await client.batch(
    [
      ...HEAD_STATEMENTS,
      ask(`SELECT checksum FROM journal WHERE tick = ?1
        UNION ALL SELECT journal_checksum FROM snapshots WHERE tick = ?1
        UNION ALL SELECT checksum FROM progress WHERE tick = ?1`),
      ask(`SELECT * FROM journal WHERE tick > ?1 AND tick <= ${REACH} ORDER BY tick`),
      { sql: "SELECT min(tick) FROM outbox", args: [] },
      ...CHANGING_TABLES.map((table) =>
        ask(`SELECT * FROM ${table} WHERE tick > ?1 AND tick <= ${REACH}
          ORDER BY tick, rowid`),
      ),
    ],
    "read",
  );
  const [link, journal, outbox, ...tables] = results.slice(HEAD_STATEMENTS.length);
  return {
    head: headOf(results),
    link: numberOf(link),
    journal: rowsOf(journal),
    outboxTick: numberOf(outbox),
    tables: CHANGING_TABLES.map((table, index) => ({ table, rows: rowsOf(tables[index]) })),
  };
}

/** How far a copy is once these changes are written to it. */
function progressAfter({ journal }: Changes, before: Progress): Progress {
  const last = journal.rows.at(-1);
  if (last === undefined) return before;
  const value = (name: string) => Number(last[journal.columns.indexOf(name)]);
  return { epoch: value("epoch"), tick: value("tick"), checksum: value("checksum") };
}

/** Writes changes to a copy whose progress is `before`, all or nothing. */
export async function writeChanges(
  client: SqlClient,
  changes: Changes,
  before: { progress: Progress; facts: ReadonlyMap<string, string> },
): Promise<Progress> {
  const { journal, tables, head, outboxTick } = changes;
  const after = progressAfter(changes, before.progress);
  const told = outboxTick ?? after.tick + 1;
  await client.batch(
    [
      guard(before.progress),
      ...insertRows("journal", journal),
      ...tables.flatMap(({ table, rows }) => insertRows(table, rows)),
      { sql: "DELETE FROM outbox WHERE tick < ?", args: [told] },
      ...trimAnswers(tables.find(({ table }) => table === "answers")?.rows),
      setProgress(after),
      ...writeFacts(newFacts(head.facts, before.facts)),
    ],
    "write",
  );
  return after;
}

/** Keeps the latest answers of those who got new ones, as the shard's own file does. */
function trimAnswers(rows: Rows | undefined): Statement[] {
  const column = rows?.columns.indexOf("player_id") ?? -1;
  const players = [...new Set(rows?.rows.map((row) => row[column] ?? null))];
  if (players.length === 0) return [];
  return [
    {
      sql: `DELETE FROM answers WHERE rowid IN (SELECT answer FROM (
          SELECT rowid AS answer,
            row_number() OVER (PARTITION BY player_id ORDER BY rowid DESC) AS place
          FROM answers WHERE player_id IN (${players.map(() => "?").join()})
        ) WHERE place > ${ANSWERS_PER_PLAYER})`,
      args: players,
    },
  ];
}

function setProgress({ epoch, tick, checksum }: Progress): Statement {
  return {
    sql: "UPDATE progress SET epoch = ?, epoch_checksum = ?, tick = ?, checksum = ?",
    args: [epoch, checksumOfEpoch(epoch), tick, checksum],
  };
}

/** Facts of the source that the copy has otherwise. */
export function newFacts(
  source: ReadonlyMap<string, string>,
  copy: ReadonlyMap<string, string>,
): Record<string, string> {
  const facts: Record<string, string> = {};
  for (const name of COPIED_FACTS) {
    const value = source.get(name);
    if (value !== undefined && value !== copy.get(name)) facts[name] = value;
  }
  return facts;
}
