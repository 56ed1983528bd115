// What a region still has to tell the others, in three lanes: cells before entities before chat.
// Nothing is told before its tick is in the database. At a lane's bound:
//
//   cells     those that wait are forgotten, and a number of the sequence is left out; the others
//             see the gap and compare hashes, which finds each of them
//   entities  the one that has waited longest is dropped; it is told again when it next moves, and
//             whoever is not told of for a while is taken for gone
//   chat      the oldest line is dropped
//
// Each of these is counted, and the log says so. A cell or entity that changes while it waits takes
// no more room: the last state counts.
import { CellChanges } from "#shared/time/cell-changes.ts";
import { CellRegister } from "#shared/time/cell-register.ts";
import type { Stamp } from "#shared/time/hybrid-clock.ts";
import type { RegionNames } from "#shared/time/region-names.ts";

export const CELLS_WAITING_MAX = 200_000;
export const ENTITIES_WAITING_MAX = 10_000;
export const CHAT_WAITING_MAX = 1_000;

/** Bytes of a cell in a message, at most. */
const CELL_BYTES = 28;
/** Beside the id and the state of an entity or line. */
const ITEM_BYTES = 12;

/** An entity or a line of chat, in the world's own form. */
export interface RegionItem {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** What a tick changed, or what a batch carries. */
export interface RegionChangeSet {
  readonly cells: CellChanges;
  readonly entities: readonly RegionItem[];
  readonly chat: readonly RegionItem[];
}

/** What one batch may carry. */
export interface BatchLimits {
  /** Cells, entities and lines. */
  readonly count: number;
  readonly bytes: number;
}

/** The lanes of one region. */
export class OutgoingChanges {
  /** Lost at a bound since the start. */
  readonly dropped = { cells: 0, entities: 0, chat: 0 };
  readonly #uncommitted: { tick: number; changes: RegionChangeSet }[] = [];
  /** Cells that are being told, from `#told` on; the others gather in `#waiting` meanwhile. */
  #telling: CellRegister;
  #waiting: CellRegister;
  #told = 0;
  #entities = new Map<string, RegionItem>();
  #chat: RegionItem[] = [];
  #overflowed = false;

  constructor(regions: RegionNames) {
    this.#telling = new CellRegister(regions);
    this.#waiting = new CellRegister(regions);
  }

  /** Cells, entities and lines that may be told now. */
  get length(): number {
    return this.cellsWaiting + this.#entities.size + this.#chat.length;
  }

  get cellsWaiting(): number {
    return this.#telling.size - this.#told + this.#waiting.size;
  }

  get ticksUncommitted(): number {
    return this.#uncommitted.length;
  }

  /** Takes what a tick changed; it may be told once the tick is committed. */
  take(tick: number, changes: RegionChangeSet): void {
    const { cells, entities, chat } = changes;
    if (cells.length + entities.length + chat.length === 0) return;
    const copy = new CellChanges();
    for (let row = 0; row < cells.length; row += 1) copy.copy(cells, row);
    this.#uncommitted.push({ tick, changes: { cells: copy, entities, chat } });
  }

  /** All ticks up to this one are in the database. */
  committed(tick: number): void {
    for (;;) {
      const [first] = this.#uncommitted;
      if (first === undefined || first.tick > tick) return;
      this.#uncommitted.shift();
      this.#add(first.changes);
    }
  }

  /** Whether cells were forgotten since the last time this was asked. */
  takeOverflow(): boolean {
    const overflowed = this.#overflowed;
    this.#overflowed = false;
    return overflowed;
  }

  /** The next batch, cells first; undefined when nothing waits. */
  next({ count, bytes }: BatchLimits): RegionChangeSet | undefined {
    if (this.length === 0) return undefined;
    const cells = new CellChanges();
    let room = bytes;
    while (cells.length < count && room >= CELL_BYTES && this.#copyCell(cells)) room -= CELL_BYTES;
    const entities: RegionItem[] = [];
    for (const item of this.#entities.values()) {
      room -= sizeOf(item);
      const used = cells.length + entities.length;
      if (used >= count || (room < 0 && used > 0)) break;
      entities.push(item);
    }
    for (const { id } of entities) this.#entities.delete(id);
    const chat: RegionItem[] = [];
    for (const line of this.#chat) {
      room -= sizeOf(line);
      const used = cells.length + entities.length + chat.length;
      if (used >= count || (room < 0 && used > 0)) break;
      chat.push(line);
    }
    this.#chat.splice(0, chat.length);
    return { cells, entities, chat };
  }

  /** Forgets writes with stamps after `limit`, which are given new ones. */
  forgetAfter(limit: Stamp): void {
    const kept = new CellChanges();
    const keep = (cells: CellChanges, from: number) => {
      for (let row = from; row < cells.length; row += 1) {
        if (!isAfter(cells, row, limit)) kept.copy(cells, row);
      }
    };
    keep(this.#telling.cells, this.#told);
    keep(this.#waiting.cells, 0);
    this.#telling.clear();
    this.#waiting.clear();
    this.#told = 0;
    this.#waiting.mergeAll(kept);
    for (const one of this.#uncommitted) {
      const { cells } = one.changes;
      const early = new CellChanges();
      for (let row = 0; row < cells.length; row += 1) {
        if (!isAfter(cells, row, limit)) early.copy(cells, row);
      }
      one.changes = { ...one.changes, cells: early };
    }
  }

  #copyCell(into: CellChanges): boolean {
    if (this.#told >= this.#telling.size) {
      if (this.#waiting.size === 0) return false;
      [this.#telling, this.#waiting] = [this.#waiting, this.#telling];
      this.#waiting.clear();
      this.#told = 0;
    }
    into.copy(this.#telling.cells, this.#told);
    this.#told += 1;
    return true;
  }

  #add({ cells, entities, chat }: RegionChangeSet): void {
    this.#waiting.mergeAll(cells);
    const cellsWaiting = this.cellsWaiting;
    if (cellsWaiting > CELLS_WAITING_MAX) {
      this.dropped.cells += cellsWaiting;
      this.#telling.clear();
      this.#waiting.clear();
      this.#told = 0;
      this.#overflowed = true;
    }
    for (const item of entities) this.#addEntity(item);
    for (const line of chat) {
      this.#chat.push(line);
      if (this.#chat.length <= CHAT_WAITING_MAX) continue;
      this.#chat.shift();
      this.dropped.chat += 1;
    }
  }

  #addEntity(item: RegionItem): void {
    // Where it stands in the queue stays: whoever moves all the time must not wait for ever.
    this.#entities.set(item.id, item);
    if (this.#entities.size <= ENTITIES_WAITING_MAX) return;
    const [oldest] = this.#entities.keys();
    if (oldest !== undefined) this.#entities.delete(oldest);
    this.dropped.entities += 1;
  }
}

function isAfter(cells: CellChanges, row: number, { hi, lo }: Stamp): boolean {
  const upper = cells.hi[row] ?? 0;
  return upper > hi || (upper === hi && (cells.lo[row] ?? 0) > lo);
}

function sizeOf({ id, bytes }: RegionItem): number {
  return id.length + bytes.length + ITEM_BYTES;
}
