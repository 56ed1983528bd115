import type { Stamp } from "./hybrid-clock.ts";

/** What a region wrote to a cell, and when. */
export interface CellChange {
  readonly x: number;
  readonly y: number;
  readonly layer: number;
  readonly stamp: Stamp;
  /** Its number in RegionNames. */
  readonly region: number;
  /** 32 bits without sign; what they mean is the world's business. */
  readonly value: number;
  /** A tombstone: the cell is as it was before anybody wrote to it. */
  readonly gone?: boolean;
}

const ROWS_MIN = 64;

/** A list of changes in columns, without an object for each; it grows and can be used again. */
export class CellChanges {
  length = 0;
  x = new Int32Array(ROWS_MIN);
  y = new Int32Array(ROWS_MIN);
  layer = new Uint8Array(ROWS_MIN);
  hi = new Uint32Array(ROWS_MIN);
  lo = new Uint32Array(ROWS_MIN);
  region = new Uint8Array(ROWS_MIN);
  value = new Uint32Array(ROWS_MIN);
  gone = new Uint8Array(ROWS_MIN);

  static of(changes: Iterable<CellChange>): CellChanges {
    const list = new CellChanges();
    for (const change of changes) list.add(change);
    return list;
  }

  add({ x, y, layer, stamp, region, value, gone = false }: CellChange): void {
    const row = this.grow();
    this.x[row] = x;
    this.y[row] = y;
    this.layer[row] = layer;
    this.hi[row] = stamp.hi;
    this.lo[row] = stamp.lo;
    this.region[row] = region;
    this.value[row] = gone ? 0 : value;
    this.gone[row] = gone ? 1 : 0;
  }

  /** Appends a row of another list. */
  copy(from: CellChanges, at: number): void {
    const row = this.grow();
    this.x[row] = from.x[at] ?? 0;
    this.y[row] = from.y[at] ?? 0;
    this.layer[row] = from.layer[at] ?? 0;
    this.hi[row] = from.hi[at] ?? 0;
    this.lo[row] = from.lo[at] ?? 0;
    this.region[row] = from.region[at] ?? 0;
    this.value[row] = from.value[at] ?? 0;
    this.gone[row] = from.gone[at] ?? 0;
  }

  /** A row as an object, for where speed does not matter. */
  at(row: number): CellChange {
    if (row < 0 || row >= this.length) throw new Error(`cannot read change ${row}: there is none`);
    return {
      x: this.x[row] ?? 0,
      y: this.y[row] ?? 0,
      layer: this.layer[row] ?? 0,
      stamp: { hi: this.hi[row] ?? 0, lo: this.lo[row] ?? 0 },
      region: this.region[row] ?? 0,
      value: this.value[row] ?? 0,
      gone: this.gone[row] === 1,
    };
  }

  clear(): void {
    this.length = 0;
  }

  /** Room for one more, whose number it returns; its columns hold what was there before. */
  grow(): number {
    if (this.length === this.x.length) this.#widen();
    return this.length++;
  }

  #widen(): void {
    const rows = this.length * 2;
    this.x = widened(this.x, new Int32Array(rows));
    this.y = widened(this.y, new Int32Array(rows));
    this.layer = widened(this.layer, new Uint8Array(rows));
    this.hi = widened(this.hi, new Uint32Array(rows));
    this.lo = widened(this.lo, new Uint32Array(rows));
    this.region = widened(this.region, new Uint8Array(rows));
    this.value = widened(this.value, new Uint32Array(rows));
    this.gone = widened(this.gone, new Uint8Array(rows));
  }
}

function widened<Column extends { set(from: Column): void }>(from: Column, into: Column): Column {
  into.set(from);
  return into;
}
