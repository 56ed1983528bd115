import { CellLists } from "../cell-lists.ts";
import { TickLog } from "../tick-log.ts";

/** Goings remembered; more than all rows can have in a window. */
const GOINGS_MAX = 1 << 20;

/** Words of a going, after its tick. */
const GOING_CELL = 1;
const GOING_ENTITY = 2;

/** Who went out of which cell in the latest ticks. */
export class Goings {
  /** Of the open window, by cell. */
  readonly open: CellLists;
  readonly #log = new TickLog(3, GOINGS_MAX);

  constructor(cells: number) {
    this.open = new CellLists(cells, 64);
  }

  /** An entity is in a cell no longer, from the frames of this tick on. */
  note(tick: number, cell: number, entity: number): void {
    const record = this.#log.add(tick);
    // Shown where it was, until its cell's checksum tells.
    if (record === -1) return;
    this.#log.write(record, GOING_CELL, cell);
    this.#log.write(record, GOING_ENTITY, entity);
  }

  /** Drops all up to a tick. */
  forget(tick: number): void {
    this.#log.forget(tick);
  }

  /** Sorts by cell who went out of it after `since`. */
  openWindow(since: number): void {
    this.open.clear();
    for (let record = this.#log.count - 1; record >= 0; record--) {
      if (this.#log.word(record, 0) <= since) break;
      this.open.add(this.#log.word(record, GOING_CELL), this.#log.word(record, GOING_ENTITY));
    }
  }
}
