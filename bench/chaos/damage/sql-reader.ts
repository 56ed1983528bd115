import type { Database } from "#shared/infra/db/database.ts";
import type { Random } from "#shared/sim/index.ts";

export type SqlValue = null | string | number | Uint8Array;

/** Reads single values of a database by chance. */
export class SqlReader {
  readonly #client: Database<Record<string, unknown>>["client"];
  readonly #random: Random;

  constructor(database: Pick<Database<Record<string, unknown>>, "client">, random: Random) {
    this.#client = database.client;
    this.#random = random;
  }

  /** The rowid of some row; -1 when there is none. */
  async pick(table: string, where: string): Promise<number> {
    const found = await this.values(`SELECT rowid FROM ${table} WHERE ${where} ORDER BY rowid`);
    return Number(found[this.#random.below(Math.max(1, found.length))] ?? -1);
  }

  async value(table: string, column: string, row: number): Promise<SqlValue> {
    const [value = null] = await this.values(`SELECT ${column} FROM ${table} WHERE rowid = ${row}`);
    return value;
  }

  /** The first column. */
  async values(sql: string): Promise<SqlValue[]> {
    const { rows } = await this.#client.execute(sql);
    return rows.map((row) => {
      const value = row[0];
      if (value instanceof ArrayBuffer) return new Uint8Array(value);
      return typeof value === "bigint" ? Number(value) : (value ?? null);
    });
  }
}
