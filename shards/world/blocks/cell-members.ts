import type { MemberLists } from "./told-records.ts";

const NONE = -1;

/** Which rows are in which cell, kept as they come and go; a node is its row. */
export class CellMembers implements MemberLists {
  readonly #first: Int32Array;
  readonly #next: Int32Array;
  readonly #before: Int32Array;

  constructor(cells: number, rows: number) {
    this.#first = new Int32Array(cells).fill(NONE);
    this.#next = new Int32Array(rows);
    this.#before = new Int32Array(rows);
  }

  /** Puts a row that is in no cell into one. */
  add(cell: number, row: number): void {
    const first = this.first(cell);
    this.#next[row] = first;
    this.#before[row] = NONE;
    if (first !== NONE) this.#before[first] = row;
    this.#first[cell] = row;
  }

  /** Takes a row out of the cell that it is in. */
  remove(cell: number, row: number): void {
    const next = this.next(row);
    const before = this.#before[row] ?? NONE;
    if (next !== NONE) this.#before[next] = before;
    if (before === NONE) this.#first[cell] = next;
    else this.#next[before] = next;
  }

  first(cell: number): number {
    return this.#first[cell] ?? NONE;
  }

  next(node: number): number {
    return this.#next[node] ?? NONE;
  }

  value(node: number): number {
    return node;
  }

  /** Rows of a cell, counted up to `most`. */
  count(cell: number, most: number): number {
    let count = 0;
    for (let row = this.first(cell); row !== NONE && count < most; row = this.next(row)) count += 1;
    return count;
  }
}
