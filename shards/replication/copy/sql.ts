// What the copying of a shard's database says to libSQL. It works on plain rows: source and target
// have the same schema, so nothing of what a column means has to be known here.
import type { Database } from "#shared/infra/db/database.ts";

type Client = Database<Record<string, never>>["client"];
type Batch = Parameters<Client["batch"]>[0];

/** With numbered parameters: named ones abort the process when they meet an embedded replica. */
export type Statement = Exclude<Batch[number], string | readonly unknown[]>;
export type SqlValue = null | string | number | bigint | ArrayBuffer | Uint8Array;

/** What a statement led to, as libSQL's clients tell it. */
export interface SqlResult {
  readonly columns: readonly string[];
  readonly rows: readonly ArrayLike<SqlValue>[];
}

/** A connection to either side: the shard's own file, a server, or a replica. */
export interface SqlClient {
  /** Statements of one transaction. */
  batch(statements: (Statement | string)[], mode: "read" | "write"): Promise<readonly SqlResult[]>;
}

/** Rows of one table, by the names of its columns. */
export interface Rows {
  columns: readonly string[];
  rows: readonly (readonly SqlValue[])[];
}

/** Values in one INSERT; SQLite takes 32,766. */
const VALUES_MAX = 8_000;

export function rowsOf(result: SqlResult | undefined): Rows {
  if (result === undefined) return { columns: [], rows: [] };
  const { columns } = result;
  return { columns, rows: result.rows.map((row) => columns.map((_, index) => row[index] ?? null)) };
}

/** A number of the first row; undefined where there is no row, or null. */
export function numberOf(result: SqlResult | undefined, column = 0): number | undefined {
  const value = result?.rows[0]?.[column];
  return value === undefined || value === null ? undefined : Number(value);
}

/**
 * Writes rows in as few statements as may be; one with the same key is overwritten. Not by REPLACE,
 * which removes a row without its trigger.
 */
export function insertRows(table: string, { columns, rows }: Rows): Statement[] {
  const statements: Statement[] = [];
  const rowsMax = Math.max(1, Math.floor(VALUES_MAX / Math.max(1, columns.length)));
  const names = columns.map((name) => `"${name}"`).join(", ");
  const changes = columns.map((name) => `"${name}" = excluded."${name}"`).join(", ");
  const marks = `(${columns.map(() => "?").join(", ")})`;
  for (let start = 0; start < rows.length; start += rowsMax) {
    const part = rows.slice(start, start + rowsMax);
    const values = part.map(() => marks).join(", ");
    statements.push({
      sql: `INSERT INTO "${table}" (${names}) VALUES ${values}
        ON CONFLICT DO UPDATE SET ${changes}`,
      args: part.flat(),
    });
  }
  return statements;
}
