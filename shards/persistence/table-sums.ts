// Finds rows that are missing from a table, or that are older ones again: triggers add up the
// checksums of each table's rows as they are written, and a start adds them up as they are read.
import { readTableSum, type ShardClient } from "./rows.ts";

/** The rows of a table as they are read. */
export class RowSum {
  #rows = 0;
  #checksums = 0n;

  add(checksum: number): void {
    this.#rows += 1;
    this.#checksums += BigInt(checksum);
  }

  /** What is the matter when these are not all rows of the table as they were written last. */
  async findFault(client: ShardClient, table: string): Promise<string | undefined> {
    const told = await readTableSum(client, table);
    if (told === undefined) return `the sum of its table ${table} is missing`;
    const { rows, checksums } = told;
    if (rows !== this.#rows) {
      return (
        `its table ${table} has ${this.#rows} rows and should have ${rows}, or the sum of its ` +
        "rows is damaged"
      );
    }
    if (checksums === String(this.#checksums)) return undefined;
    return `its table ${table} has rows of another time, or the sum of its rows is damaged`;
  }
}
