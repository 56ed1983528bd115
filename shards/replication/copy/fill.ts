// Filling a copy from a snapshot, for one that is empty or that the journal does not reach back to.
//
// First come the tables whose rows tell their tick, page by page; what changes meanwhile has a
// later tick and comes later. Then one transaction puts the snapshot, its place in the journal's
// chain and a new generation in place. Until then a copy that was only too far behind is still what
// it was, but for single rows that are newer: so there is no moment without a replica.
//
// The snapshot must not be later than the rows, or what changed in between would be missing: if
// there is a later one by then, what has changed meanwhile is copied first.
import { checksumOfEpoch } from "../../persistence/checksums.ts";
import { CHANGING_TABLES, newFacts } from "./changes.ts";
import {
  COPIED_FACTS,
  FACT_FILLING,
  FACT_GENERATION,
  guard,
  HEAD_STATEMENTS,
  type Head,
  headOf,
  type Progress,
  readHead,
  writeFacts,
} from "./head.ts";
import {
  insertRows,
  numberOf,
  type Rows,
  rowsOf,
  type SqlClient,
  type SqlValue,
  type Statement,
} from "./sql.ts";

/** Rows of a page. */
const PAGE_ROWS = 1_000;
/** Each takes what came during the one before; after that the filling starts over. */
const PASSES_MAX = 8;

export interface Filling {
  source: SqlClient;
  target: SqlClient;
  /** The target as it was looked at. */
  head: Head;
  /** Names this filling. */
  generation: string;
  /** Removes what the target has, instead of adding what came after its tick. */
  anew: boolean;
  /** Asked between two pages; false gives up, and the filling starts over at the next try. */
  goOn(): boolean;
}

/** Fills the target; undefined when the source has no snapshot yet or `goOn` said no. */
export async function fillCopy(filling: Filling): Promise<Progress | undefined> {
  const { source, target, head, anew } = filling;
  const since = anew ? -1 : (head.progress?.tick ?? -1);
  const seen = anew ? undefined : head.progress;
  await target.batch(
    [
      guard(head.progress),
      ...(anew ? clearAll() : []),
      ...writeFacts({ [FACT_FILLING]: filling.generation, ...(await identityOf(source)) }),
    ],
    "write",
  );
  for (let pass = 0, from = since; pass < PASSES_MAX; pass += 1) {
    const begun = (await readHead(source)).progress?.tick ?? 0;
    for (const table of CHANGING_TABLES) {
      if (!(await copyTable(filling, { table, since: from, seen }))) return undefined;
    }
    const progress = await finish(filling, { seen, tickMax: begun });
    if (progress !== "later") return progress;
    from = begun;
  }
  return undefined;
}

function clearAll(): Statement[] {
  return ["journal", "snapshots", "progress", ...CHANGING_TABLES].map((table) => ({
    sql: `DELETE FROM ${table}`,
    args: [],
  }));
}

/** To whom the copy belongs, from the first moment on. */
async function identityOf(source: SqlClient): Promise<Record<string, string>> {
  const { facts } = headOf(await source.batch([...HEAD_STATEMENTS], "read"));
  return newFacts(facts, new Map());
}

async function copyTable(
  { source, target, goOn }: Filling,
  what: { table: string; since: number; seen: Progress | undefined },
): Promise<boolean> {
  const { table, seen } = what;
  let [tick, row]: [number, number] = [what.since + 1, -1];
  for (;;) {
    if (!goOn()) return false;
    const [page] = await source.batch(
      [
        {
          sql: `SELECT rowid AS copied_row, * FROM ${table}
            WHERE tick > ?1 OR (tick = ?1 AND rowid > ?2)
            ORDER BY tick, rowid LIMIT ${PAGE_ROWS}`,
          args: [tick, row],
        },
      ],
      "read",
    );
    const { columns, rows } = rowsOf(page);
    const last = rows.at(-1);
    if (last === undefined) return true;
    [tick, row] = [Number(last[columns.indexOf("tick")]), Number(last[0])];
    const copied: Rows = { columns: columns.slice(1), rows: rows.map((values) => values.slice(1)) };
    await target.batch([guard(seen), ...insertRows(table, copied)], "write");
    if (rows.length < PAGE_ROWS) return true;
  }
}

/**
 * The newest snapshot, and with it the place in the chain from which the journal goes on. "later":
 * it is later than `tickMax`.
 */
async function finish(
  { source, target, generation }: Filling,
  { seen, tickMax }: { seen: Progress | undefined; tickMax: number },
): Promise<Progress | "later" | undefined> {
  const results = await source.batch(
    [
      ...HEAD_STATEMENTS,
      { sql: "SELECT json_group_array(player_id) FROM sessions", args: [] },
      { sql: "SELECT * FROM snapshots ORDER BY tick DESC LIMIT 1", args: [] },
    ],
    "read",
  );
  const { facts } = headOf(results);
  const [players, snapshot] = results.slice(HEAD_STATEMENTS.length);
  const number = (name: string) => numberOf(snapshot, snapshot?.columns.indexOf(name));
  const tick = number("tick");
  if (tick === undefined) return undefined;
  if (tick > tickMax) return "later";
  const progress = { epoch: number("epoch") ?? 0, tick, checksum: number("journal_checksum") ?? 0 };
  const { epoch, checksum } = progress;
  const place: SqlValue[] = [epoch, checksumOfEpoch(epoch), tick, checksum];
  const copied = Object.fromEntries(COPIED_FACTS.map((name) => [name, facts.get(name)]));
  await target.batch(
    [
      guard(seen),
      ...["journal", "snapshots", "progress"].map((table) => ({
        sql: `DELETE FROM ${table}`,
        args: [],
      })),
      {
        sql:
          "INSERT INTO progress (id, epoch, epoch_checksum, tick, checksum) " +
          "VALUES (1, ?, ?, ?, ?)",
        args: place,
      },
      ...insertRows("snapshots", rowsOf(snapshot)),
      {
        // The end of a session is forgotten with the journal's record of it.
        sql: "DELETE FROM sessions WHERE player_id NOT IN (SELECT value FROM json_each(?))",
        args: [players?.rows[0]?.[0] ?? "[]"],
      },
      ...writeFacts({ ...copied, [FACT_FILLING]: undefined, [FACT_GENERATION]: generation }),
    ],
    "write",
  );
  return progress;
}
