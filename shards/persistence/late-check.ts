// What a start has no time for.
//
// Whatever a shard starts from is read and checked each time. The rest (what is kept of players and
// of their actions, and whether each index leads to all its rows) takes a second for every hundred
// thousand rows: in a small database it is looked at before the shard serves, in a large
// one while it does, page by page between two commits. What is loaded meanwhile is checked by its
// own checksum.
import { Damage } from "./damage.ts";
import { type CheckedRow, checkPlayerStates, readAnswers, type ShardClient } from "./rows.ts";

/** A database with more rows, those of the journal and snapshots not counted, is large. */
export const SMALL_ROWS_MAX = 20_000;
/** Rows of a page; it takes a few milliseconds. */
const PAGE_ROWS = 250;

/** The tables that are found by more than their rowid, and by what. */
const KEYS = {
  player_states: ["player_id"],
  sessions: ["player_id"],
  used_tickets: ["id"],
  answers: ["player_id", "action_id"],
  outbox: ["id"],
} as const;
const TABLES = Object.keys(KEYS) as (keyof typeof KEYS)[];

/** Whether looking at all of a database would keep a start waiting. */
export async function isLarge(client: ShardClient): Promise<boolean> {
  const { rows } = await client.execute({
    sql: "SELECT 1 WHERE (SELECT sum(row_count) FROM table_sums) > ?",
    args: [SMALL_ROWS_MAX],
  });
  return rows.length > 0;
}

/**
 * Throws Damage unless the table has as many rows as were written, with the same sum of their
 * checksums; that these fit the rows is another matter.
 */
export async function checkSum(client: ShardClient, table: keyof typeof KEYS): Promise<void> {
  const { rows } = await client.execute({
    sql:
      "SELECT 1 FROM table_sums WHERE name = ? AND (row_count, checksums) = " +
      `(SELECT count(*), coalesce(sum(checksum), 0) FROM ${table} NOT INDEXED)`,
    args: [table],
  });
  if (rows.length > 0) return;
  throw new Damage(
    `its table ${table} lacks rows or has some of another time, or the sum of its rows is damaged`,
  );
}

/** Looks at a large database while others write to it. */
export class LateCheck {
  readonly #client: ShardClient;
  readonly #rows: AsyncGenerator<CheckedRow & { playerId: string }>;
  #areRowsWhole = false;
  #table = 0;
  /** Rowid of the last row that was looked up. */
  #after = -1;

  constructor(client: ShardClient) {
    this.#client = client;
    this.#rows = readRows(client);
  }

  /** Looks at the next page; false when all was looked at. Throws Damage that names the row. */
  async next(): Promise<boolean> {
    if (!this.#areRowsWhole) await this.#checkRows();
    else await this.#lookUp();
    return this.#table < TABLES.length;
  }

  async #checkRows(): Promise<void> {
    for (let row = 0; row < PAGE_ROWS; row++) {
      const { done, value } = await this.#rows.next();
      this.#areRowsWhole = done === true;
      if (value === undefined) return;
      if (!value.whole) throw new Damage(`what it keeps of player ${value.playerId} is damaged`);
    }
  }

  async #lookUp(): Promise<void> {
    const table = TABLES[this.#table];
    if (table === undefined) return;
    const { rows } = await this.#client.execute({
      sql: lookUpOf(table),
      args: [this.#after, PAGE_ROWS],
    });
    const [count, last, lost] = Array.from(rows[0] ?? []);
    if (typeof lost === "number") {
      throw new Damage(`row ${lost} of its table ${table} is not found by an index`);
    }
    this.#after = Number(last);
    if (count === PAGE_ROWS) return;
    this.#table += 1;
    this.#after = -1;
  }
}

async function* readRows(client: ShardClient): AsyncGenerator<CheckedRow & { playerId: string }> {
  yield* checkPlayerStates(client);
  yield* readAnswers(client);
}

/** Rows of a page, the last of them, and the first that an index does not lead to. */
function lookUpOf(table: keyof typeof KEYS): string {
  const columns = ["rowid", "tick", ...KEYS[table]];
  const same = (names: readonly string[]) =>
    [...names, "rowid"].map((name) => `found.${name} = page.${name}`).join(" AND ");
  const isFoundBy = (index: string, names: readonly string[]) =>
    `EXISTS (SELECT 1 FROM ${table} AS found INDEXED BY ${index} WHERE ${same(names)})`;
  const lookUps = [isFoundBy(`sqlite_autoindex_${table}_1`, KEYS[table])];
  if (table !== "outbox") lookUps.push(isFoundBy(`${table}_tick`, ["tick"]));
  return (
    `SELECT count(*), max(rowid), min(iif(${lookUps.join(" AND ")}, NULL, rowid)) FROM ` +
    `(SELECT ${columns.join()} FROM ${table} NOT INDEXED WHERE rowid > ? ` +
    "ORDER BY rowid LIMIT ?) AS page"
  );
}
