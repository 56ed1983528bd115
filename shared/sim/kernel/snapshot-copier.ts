// Copies of a state for whoever turns them into snapshots on another thread.
//
// A tick must not wait for a snapshot, and a tick later everything has moved: so the state is
// copied between two ticks, as fast as memory goes. Numbers are copied column by column, 5 MB and
// 0.4 ms at 100,000 entities. Texts are as many bytes, but lie one by one all over the memory, and
// reading them takes twenty times as long. They hardly ever change: so a copy has those of the rows
// that were written since the copy before it, and whoever takes the copies keeps the others. They
// are collected little by little, after each tick, so that a rush of joins, or a world that was
// just restored, is nothing that a single tick has to pay for.

import type { CopyArea } from "./copy-area.ts";
import { type EntityTable, isTexts, type NumberColumn } from "./entity-table.ts";
import { GENERATION_COLUMN, ID_COLUMN } from "./snapshot.ts";
import { TextLog } from "./text-log.ts";
import { takeChangedRow } from "./texts.ts";

/** Rows whose texts are collected after one tick, about 0.1 ms; the others wait for the next. */
const COLLECTED_ROWS_MAX = 1_000;
/**
 * Texts that wait for the next copy, those of 200,000 players; beyond it, rows are read when it is
 * taken.
 */
const COLLECTED_BYTES_MAX = 1 << 24;

/** Bytes of the area. */
export interface Extent {
  start: number;
  bytes: number;
}

/** Where a table's columns lie. */
export interface TableCopy {
  name: string;
  rows: number;
  /** In the order of the snapshot; texts have no numbers. */
  columns: readonly { name: string; numbers: Extent | undefined }[];
}

/** Tables in an area, without texts that the copies before had. Plain data. */
export interface TablesCopy {
  tables: readonly TableCopy[];
  /** A `TextLog`. */
  texts: Extent;
}

/** A whole state, ready to be turned into a snapshot. Plain data: it may cross a thread. */
export interface StateCopy extends TablesCopy {
  tick: number;
  /** tessera.v1.Snapshot, but for its tables and chunks. */
  head: Uint8Array;
  /** Of a world of blocks: chunks that the copies before had otherwise, or not. */
  chunks?: Extent;
}

/** Copies the same tables again and again; each copy must reach whoever had those before it. */
export class SnapshotCopier {
  readonly #tables: readonly EntityTable[];
  readonly #log = new TextLog();

  constructor(tables: readonly EntityTable[]) {
    this.#tables = tables;
  }

  /** Once after each tick: reads some of the texts that changed, so that a copy need not. */
  collectTexts(): void {
    this.#collect(COLLECTED_ROWS_MAX, COLLECTED_BYTES_MAX);
  }

  /**
   * Copies the tables as they are now in place of what was in the area, which gets room for so
   * many bytes beside them.
   */
  copy(area: CopyArea, extraBytes = 0): TablesCopy {
    this.#collect(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    area.empty(this.#countBytes() + extraBytes);
    const tables = this.#tables.map((table) => copyTable(table, area));
    const texts = area.append(this.#log.bytes);
    this.#log.clear();
    return { tables, texts };
  }

  #collect(rowsMax: number, bytesMax: number): void {
    let rows = 0;
    for (const [index, table] of this.#tables.entries()) {
      while (rows < rowsMax && this.#log.length < bytesMax) {
        const row = takeChangedRow(table.texts);
        if (row === -1) break;
        this.#log.append(index, row, table.texts);
        rows += 1;
      }
    }
  }

  #countBytes(): number {
    let bytes = this.#log.length;
    for (const table of this.#tables) {
      for (const { column } of numberColumns(table)) {
        bytes += table.rowCount * (column?.BYTES_PER_ELEMENT ?? 0);
      }
    }
    return bytes;
  }
}

function copyTable(table: EntityTable, area: CopyArea): TableCopy {
  const { name, rowCount } = table;
  const columns = numberColumns(table).map(({ name, column }) => {
    const numbers = column === undefined ? undefined : area.append(bytesOf(column, rowCount));
    return { name, numbers };
  });
  return { name, rows: rowCount, columns };
}

/** All columns in the order of a snapshot; undefined for texts. */
function numberColumns(table: EntityTable): { name: string; column: NumberColumn | undefined }[] {
  const columns = Object.keys(table.schema).map((name) => {
    const column = table.columns[name];
    return { name, column: column === undefined || isTexts(column) ? undefined : column };
  });
  return [
    { name: ID_COLUMN, column: table.ids },
    { name: GENERATION_COLUMN, column: table.generations },
    ...columns,
  ];
}

function bytesOf(column: NumberColumn, rows: number): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, rows * column.BYTES_PER_ELEMENT);
}
