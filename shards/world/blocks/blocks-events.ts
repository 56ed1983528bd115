import type { WireWriter } from "#shared/net/wire-writer.ts";
import { CellLists } from "../cell-lists.ts";
import { TickLog } from "../tick-log.ts";
import type { CellNews } from "./cell-news.ts";

/** Events remembered; in a greater uproar some are not told. */
const EVENTS_MAX = 65_536;
/** Field number of Cell.blocks_events. */
const CELL_EVENTS = 11;

/** Number of the event in BlocksEvent's oneof; its fields are numbers, counted from 1. */
export const BLOCKS_EVENT = { hit: 1, death: 2, emoted: 3, said: 4 } as const;

/** Something that happened in a cell. */
export interface BlocksCellEvent {
  /** One of BLOCKS_EVENT. */
  readonly kind: number;
  /** Values of its fields in their order. */
  readonly values: readonly [number, number, number?];
}

const EVENT_CELL = 1;
const EVENT_KIND = 2;
const EVENT_VALUES = 3;
const VALUES = 3;

/** What happened lately, by cell. */
export class BlocksEvents {
  readonly #log = new TickLog(EVENT_VALUES + VALUES, EVENTS_MAX);
  readonly #lists: CellLists;
  readonly #ticksMax: number;
  readonly #news: CellNews;

  constructor(cells: number, ticksMax: number, news: CellNews) {
    this.#news = news;
    this.#lists = new CellLists(cells, 64);
    this.#ticksMax = ticksMax;
  }

  /** Something happened in a tick. */
  note(tick: number, cell: number, { kind, values }: BlocksCellEvent): void {
    this.#log.forget(tick - this.#ticksMax);
    const record = this.#log.add(tick);
    if (record === -1) return;
    this.#news.note(cell, tick);
    this.#log.write(record, EVENT_CELL, cell);
    this.#log.write(record, EVENT_KIND, kind);
    for (let value = 0; value < VALUES; value++) {
      this.#log.write(record, EVENT_VALUES + value, values[value] ?? 0);
    }
  }

  /** Sorts by cell what happened after `since`, each cell's in its order. */
  openWindow(since: number): void {
    this.#lists.clear();
    for (let record = this.#log.count - 1; record >= 0; record--) {
      if (this.#log.word(record, 0) <= since) break;
      this.#lists.add(this.#log.word(record, EVENT_CELL), record);
    }
  }

  /** -1 when nothing happened there in the window. */
  first(cell: number): number {
    return this.#lists.first(cell);
  }

  /** Appends Cell.blocks_events. */
  write(cell: number, writer: WireWriter): void {
    for (let node = this.#lists.first(cell); node >= 0; node = this.#lists.next(node)) {
      const record = this.#lists.value(node);
      const event = writer.begin(CELL_EVENTS);
      const start = writer.begin(this.#log.word(record, EVENT_KIND));
      for (let value = 0; value < VALUES; value++) {
        writer.uint32(value + 1, this.#log.word(record, EVENT_VALUES + value));
      }
      writer.end(start);
      writer.end(event);
    }
  }
}
