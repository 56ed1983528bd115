/** A list of numbers for each cell, emptied all at once; no list is an object. */
export class CellLists {
  readonly #heads: Int32Array;
  #nexts: Int32Array;
  #values: Uint32Array;
  #count = 0;

  constructor(cells: number, capacity: number) {
    this.#heads = new Int32Array(cells).fill(-1);
    this.#nexts = new Int32Array(capacity);
    this.#values = new Uint32Array(capacity);
  }

  clear(): void {
    this.#heads.fill(-1);
    this.#count = 0;
  }

  /** Puts a value in front of a cell's list. */
  add(cell: number, value: number): void {
    if (this.#count === this.#values.length) this.#grow();
    const node = this.#count++;
    this.#values[node] = value;
    this.#nexts[node] = this.#heads[cell] ?? -1;
    this.#heads[cell] = node;
  }

  /** Node of the latest value of a cell, -1 when there is none. */
  first(cell: number): number {
    return this.#heads[cell] ?? -1;
  }

  /** Node of the value before, -1 at the end. */
  next(node: number): number {
    return this.#nexts[node] ?? -1;
  }

  /** Values of a cell, counted up to `most`. */
  count(cell: number, most: number): number {
    let count = 0;
    for (let node = this.first(cell); node >= 0 && count < most; node = this.next(node)) count += 1;
    return count;
  }

  value(node: number): number {
    return this.#values[node] ?? 0;
  }

  #grow(): void {
    const nexts = new Int32Array(Math.max(64, this.#nexts.length * 2));
    const values = new Uint32Array(nexts.length);
    nexts.set(this.#nexts);
    values.set(this.#values);
    this.#nexts = nexts;
    this.#values = values;
  }
}
