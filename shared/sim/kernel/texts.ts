// Texts of a table's rows. A text costs more to copy and to hash than all of a row's numbers, and
// hardly ever changes, so what is wanted of it is found out when it is written: a sum over all
// texts for the state's hash, and the rows to look at for a copy.

import { createStateHash, hashHalves, hashText, hashWord } from "./hash.ts";

/** One column; only `writeText` changes it. */
export interface TextColumn {
  readonly values: string[];
  /** Sum over the rows of a hash of (row, text), in two halves; an empty text counts 0. */
  readonly sum: { low: number; high: number };
}

/** All text columns of a table. */
export interface TableTexts {
  readonly columns: Readonly<Record<string, TextColumn>>;
  /** Rows that were written and not yet taken, each once: the first `changedCount`. */
  readonly changedRows: Uint32Array;
  readonly isChanged: Uint8Array;
  changedCount: number;
}

/** Empty texts in each of the columns. */
export function createTexts(names: readonly string[], capacity: number): TableTexts {
  const columns: Record<string, TextColumn> = {};
  for (const name of names) {
    columns[name] = { values: new Array(capacity).fill(""), sum: { low: 0, high: 0 } };
  }
  const noted = names.length > 0 ? capacity : 0;
  return {
    columns,
    changedRows: new Uint32Array(noted),
    isChanged: new Uint8Array(noted),
    changedCount: 0,
  };
}

/** Writes texts of one row, by column; those that are not named stay. */
export function writeRowTexts(
  texts: TableTexts,
  row: number,
  values: Readonly<Record<string, string | undefined>>,
): void {
  let changed = false;
  for (const name in values) {
    const column = texts.columns[name];
    const text = values[name];
    if (column === undefined) throw new RangeError(`cannot write text ${name}: no such column`);
    if (text !== undefined) changed = writeText(column, row, text) || changed;
  }
  if (changed) noteRow(texts, row);
}

/** Writes the texts of a whole column, from the first row on. */
export function writeColumnTexts(texts: TableTexts, name: string, values: readonly string[]): void {
  const column = texts.columns[name];
  if (column === undefined) throw new RangeError(`cannot write texts ${name}: no such column`);
  for (let row = 0; row < values.length; row++) {
    if (writeText(column, row, values[row] ?? "")) noteRow(texts, row);
  }
}

/** Empties all texts of a row. */
export function clearRowTexts(texts: TableTexts, row: number): void {
  let changed = false;
  for (const name in texts.columns) {
    const column = texts.columns[name];
    if (column !== undefined) changed = writeText(column, row, "") || changed;
  }
  if (changed) noteRow(texts, row);
}

/** A row that was written since it was last taken, or -1; in no order to rely on. */
export function takeChangedRow(texts: TableTexts): number {
  if (texts.changedCount === 0) return -1;
  texts.changedCount -= 1;
  const row = texts.changedRows[texts.changedCount] ?? 0;
  texts.isChanged[row] = 0;
  return row;
}

/** Whether that was a change. */
function writeText(column: TextColumn, row: number, text: string): boolean {
  const before = column.values[row];
  if (before === text) return false;
  if (before === undefined) throw new RangeError(`cannot write text: there is no row ${row}`);
  addToSum(column, row, -1);
  column.values[row] = text;
  addToSum(column, row, 1);
  return true;
}

function addToSum({ values, sum }: TextColumn, row: number, times: 1 | -1): void {
  const text = values[row] ?? "";
  if (text === "") return;
  const hash = createStateHash();
  hashWord(hash, row);
  hashText(hash, text);
  const { low, high } = hashHalves(hash);
  sum.low = (sum.low + times * low) >>> 0;
  sum.high = (sum.high + times * high) >>> 0;
}

function noteRow(texts: TableTexts, row: number): void {
  if (texts.isChanged[row] === 1) return;
  texts.isChanged[row] = 1;
  texts.changedRows[texts.changedCount] = row;
  texts.changedCount += 1;
}
