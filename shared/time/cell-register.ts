// Last-write-wins cells. For each cell (x, y, layer) the write that counts is the greatest by
// (stamp, name of the region, tombstone, value). That order is total, so the outcome is the same
// for any order of merging, and for any write that comes more than once.
//
// Cells lie in columns, found by a table with open addressing. Each cell belongs to one of 4,096
// leaves by its chunk, and each leaf has a sum of its cells' hashes which is kept up to date: equal
// sums mean equal cells, so two regions find where they differ by comparing sums. Tombstones count
// for nothing in them, so a region may forget one before another does.
import { mixBits } from "#shared/sim/kernel/math.ts";
import { CellChanges } from "./cell-changes.ts";
import { cellWordHigh, cellWordLow } from "./cell-hash.ts";
import type { Stamp } from "./hybrid-clock.ts";
import type { RegionNames } from "./region-names.ts";

/** Ranges of cells that are compared by hash. */
export const LEAVES = 4_096;
/** Blocks on a side of a chunk, as a shift; a chunk is never split over two leaves. */
const CHUNK_SHIFT = 4;
const SLOTS_MIN = 256;

/** The cells of a world that anybody ever wrote to, and who wrote last. */
export class CellRegister {
  readonly regions: RegionNames;
  /** A row for each cell. Read it only; what was merged last lies where it lay. */
  readonly cells = new CellChanges();
  /** Two words for each leaf: the sums of its cells' hashes. */
  readonly leafSums = new Uint32Array(LEAVES * 2);
  /** Tombstones among the cells. */
  goneCount = 0;
  readonly #leafFirst = new Int32Array(LEAVES).fill(-1);
  #leafNext = new Int32Array(64);
  /** Row + 1 of the cell in a slot; 0 for none. */
  #slots = new Int32Array(SLOTS_MIN);

  constructor(regions: RegionNames) {
    this.regions = regions;
  }

  get size(): number {
    return this.cells.length;
  }

  /** The row of a cell, -1 when nobody ever wrote to it. */
  find(x: number, y: number, layer: number): number {
    const { x: xs, y: ys, layer: layers } = this.cells;
    const mask = this.#slots.length - 1;
    let slot = placeOf(x, y, layer) & mask;
    for (;;) {
      const row = (this.#slots[slot] ?? 0) - 1;
      if (row < 0) return -1;
      if (xs[row] === x && ys[row] === y && layers[row] === layer) return row;
      slot = (slot + 1) & mask;
    }
  }

  /** Whether the write is the cell's last one now; its value is then what the cell holds. */
  merge(from: CellChanges, at: number): boolean {
    const x = from.x[at] ?? 0;
    const y = from.y[at] ?? 0;
    const layer = from.layer[at] ?? 0;
    const row = this.find(x, y, layer);
    if (row < 0) {
      this.#insert(from, at);
      return true;
    }
    if (!this.#isLater(from, at, row)) return false;
    this.#addToLeaf(row, -1);
    const { cells } = this;
    cells.hi[row] = from.hi[at] ?? 0;
    cells.lo[row] = from.lo[at] ?? 0;
    cells.region[row] = from.region[at] ?? 0;
    cells.value[row] = from.value[at] ?? 0;
    const gone = from.gone[at] ?? 0;
    this.goneCount += gone - (cells.gone[row] ?? 0);
    cells.gone[row] = gone;
    this.#addToLeaf(row, 1);
    return true;
  }

  /** Merges all, and says how many of them count now. */
  mergeAll(from: CellChanges): number {
    let won = 0;
    for (let at = 0; at < from.length; at += 1) if (this.merge(from, at)) won += 1;
    return won;
  }

  /** Appends the cells of a leaf, tombstones too. */
  collectLeaf(leaf: number, into: CellChanges): void {
    for (let row = this.#leafFirst[leaf] ?? -1; row >= 0; row = this.#leafNext[row] ?? -1) {
      into.copy(this.cells, row);
    }
  }

  /** 16 hexadecimal digits: equal for equal cells, tombstones left out. */
  hash(): string {
    let low = 0;
    let high = 0;
    for (let at = 0; at < this.leafSums.length; at += 2) {
      low = (low + (this.leafSums[at] ?? 0)) >>> 0;
      high = (high + (this.leafSums[at + 1] ?? 0)) >>> 0;
    }
    return hexadecimal(high) + hexadecimal(low);
  }

  /**
   * Forgets tombstones with stamps before `end`, and says how many. Safe when no write that is
   * older than one of them can come any more.
   */
  forgetGone(end: Stamp): number {
    if (this.goneCount === 0) return 0;
    const { cells } = this;
    const kept = new CellChanges();
    for (let row = 0; row < cells.length; row += 1) {
      const hi = cells.hi[row] ?? 0;
      const isBefore = hi < end.hi || (hi === end.hi && (cells.lo[row] ?? 0) < end.lo);
      if (cells.gone[row] !== 1 || !isBefore) kept.copy(cells, row);
    }
    const forgotten = cells.length - kept.length;
    if (forgotten > 0) this.#refill(kept);
    return forgotten;
  }

  /**
   * Gives all writes with stamps after `limit` a new one, as the region's own, and appends them to
   * `into`: for stamps from a clock that was wrong.
   */
  stampAnew(limit: Stamp, write: { stamp: Stamp; region: number }, into: CellChanges): void {
    const { cells } = this;
    for (let row = 0; row < cells.length; row += 1) {
      const hi = cells.hi[row] ?? 0;
      const isAfter = hi > limit.hi || (hi === limit.hi && (cells.lo[row] ?? 0) > limit.lo);
      if (!isAfter) continue;
      this.#addToLeaf(row, -1);
      cells.hi[row] = write.stamp.hi;
      cells.lo[row] = write.stamp.lo;
      cells.region[row] = write.region;
      this.#addToLeaf(row, 1);
      into.copy(cells, row);
    }
  }

  /** The greatest stamp up to `limit`; zero when there is none. */
  greatestStamp(limit: Stamp): Stamp {
    const { hi: his, lo: los, length } = this.cells;
    let hi = 0;
    let lo = 0;
    for (let row = 0; row < length; row += 1) {
      const h = his[row] ?? 0;
      const l = los[row] ?? 0;
      if (h > limit.hi || (h === limit.hi && l > limit.lo)) continue;
      if (h < hi || (h === hi && l <= lo)) continue;
      hi = h;
      lo = l;
    }
    return { hi, lo };
  }

  /** Forgets everything. */
  clear(): void {
    if (this.size > 0) this.#refill(new CellChanges());
  }

  #isLater(from: CellChanges, at: number, row: number): boolean {
    const { cells } = this;
    const hi = (from.hi[at] ?? 0) - (cells.hi[row] ?? 0);
    if (hi !== 0) return hi > 0;
    const lo = (from.lo[at] ?? 0) - (cells.lo[row] ?? 0);
    if (lo !== 0) return lo > 0;
    const region = from.region[at] ?? 0;
    const held = cells.region[row] ?? 0;
    if (region !== held) return this.regions.nameOf(region) > this.regions.nameOf(held);
    // A region gives a stamp once, so these are repetitions; the order is total all the same.
    const gone = (from.gone[at] ?? 0) - (cells.gone[row] ?? 0);
    if (gone !== 0) return gone > 0;
    return (from.value[at] ?? 0) > (cells.value[row] ?? 0);
  }

  #insert(from: CellChanges, at: number): void {
    const { cells } = this;
    cells.copy(from, at);
    const row = cells.length - 1;
    if (cells.length * 2 > this.#slots.length) this.#rebuildSlots(this.#slots.length * 2);
    else this.#occupy(row);
    if (row >= this.#leafNext.length) {
      const wider = new Int32Array(cells.x.length);
      wider.set(this.#leafNext);
      this.#leafNext = wider;
    }
    const leaf = leafOf(cells.x[row] ?? 0, cells.y[row] ?? 0);
    this.#leafNext[row] = this.#leafFirst[leaf] ?? -1;
    this.#leafFirst[leaf] = row;
    this.goneCount += cells.gone[row] ?? 0;
    this.#addToLeaf(row, 1);
  }

  #occupy(row: number): void {
    const { x, y, layer } = this.cells;
    const mask = this.#slots.length - 1;
    let slot = placeOf(x[row] ?? 0, y[row] ?? 0, layer[row] ?? 0) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = row + 1;
  }

  #rebuildSlots(count: number): void {
    this.#slots = new Int32Array(count);
    for (let row = 0; row < this.cells.length; row += 1) this.#occupy(row);
  }

  #refill(kept: CellChanges): void {
    this.cells.clear();
    this.goneCount = 0;
    this.leafSums.fill(0);
    this.#leafFirst.fill(-1);
    this.#slots.fill(0);
    for (let at = 0; at < kept.length; at += 1) this.#insert(kept, at);
  }

  #addToLeaf(row: number, sign: 1 | -1): void {
    const { cells } = this;
    if (cells.gone[row] === 1) return;
    const x = cells.x[row] ?? 0;
    const y = cells.y[row] ?? 0;
    const place = placeOf(x, y, cells.layer[row] ?? 0);
    const region = this.regions.hashOf(cells.region[row] ?? 0);
    const hi = cells.hi[row] ?? 0;
    const lo = cells.lo[row] ?? 0;
    const value = cells.value[row] ?? 0;
    const at = leafOf(x, y) * 2;
    const low = cellWordLow(cellWordLow(cellWordLow(place, hi), lo), value ^ region);
    const high = cellWordHigh(cellWordHigh(cellWordHigh(place ^ region, value), lo), hi);
    this.leafSums[at] = (this.leafSums[at] ?? 0) + sign * mixBits(low);
    this.leafSums[at + 1] = (this.leafSums[at + 1] ?? 0) + sign * mixBits(high);
  }
}

/** The leaf of a cell: that of its chunk. */
export function leafOf(x: number, y: number): number {
  const column = Math.imul(x >> CHUNK_SHIFT, 0x9e3779b1);
  return mixBits(column ^ Math.imul(y >> CHUNK_SHIFT, 0x85ebca77)) & (LEAVES - 1);
}

function placeOf(x: number, y: number, layer: number): number {
  const row = Math.imul(y, 0x85ebca77) + Math.imul(layer, 0xc2b2ae3d);
  return mixBits(Math.imul(x, 0x9e3779b1) ^ row);
}

function hexadecimal(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
