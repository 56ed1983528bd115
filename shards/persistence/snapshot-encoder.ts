// Turns copies of a state into the bytes of tessera.v1.Snapshot, the same that `encodeSnapshot`
// writes. It runs on the persistence thread, which has ticks to commit all the while: so it works
// in slices of about a millisecond and gives way between them.

import { WireWriter } from "#shared/net/wire-writer.ts";
import type { Extent, StateCopy, TableCopy } from "#shared/sim/kernel/snapshot-copier.ts";
import { readTextLog } from "#shared/sim/kernel/text-log.ts";
import { readCopiedChunks } from "../world/blocks/copied-chunks.ts";
import { encodeStoredChunk } from "../world/blocks/stored-chunk.ts";
import { joinParts, lengthPrefixed, type Parts } from "./wire-parts.ts";

/** Texts in one slice, and chunks of blocks. */
const SLICE_TEXTS = 10_000;
const SLICE_CHUNKS = 64;

/** Field numbers of Snapshot, SnapshotTable, SnapshotColumn and SnapshotStrings. */
const SNAPSHOT_TABLES = 4;
const SNAPSHOT_CHUNKS = 6;
const TABLE_NAME = 1;
const TABLE_ROWS = 2;
const TABLE_COLUMNS = 3;
const COLUMN_NAME = 1;
const COLUMN_NUMBERS = 2;
const COLUMN_STRINGS = 3;
const STRINGS_VALUES = 1;

/** Lets others work between two slices. */
export type GiveWay = () => Promise<void>;

/**
 * Encodes the copies of one world, all of them and in their order: it remembers their texts and
 * their chunks.
 */
export class SnapshotEncoder {
  readonly #giveWay: GiveWay;
  readonly #writer = new WireWriter();
  /** By table, text column and row. */
  readonly #texts: string[][][] = [];
  /** Encoded, by their number. */
  readonly #chunks = new Map<number, Uint8Array>();

  constructor(giveWay: GiveWay) {
    this.#giveWay = giveWay;
  }

  /** `area` is not read any more when this is done. */
  async encode(copy: StateCopy, area: Uint8Array): Promise<Uint8Array> {
    await this.#learnTexts(copy, area);
    const parts: Parts = [copy.head];
    for (const [index, table] of copy.tables.entries()) {
      const texts = this.#texts[index] ?? [];
      const tableParts = await this.#encodeTable({ table, texts, area });
      parts.push(...lengthPrefixed(SNAPSHOT_TABLES, tableParts));
    }
    await this.#learnChunks(copy, area);
    for (const cell of [...this.#chunks.keys()].sort((one, other) => one - other)) {
      const chunk = this.#chunks.get(cell);
      if (chunk !== undefined) parts.push(...lengthPrefixed(SNAPSHOT_CHUNKS, [chunk]));
    }
    return joinParts(parts);
  }

  async #learnTexts(copy: StateCopy, area: Uint8Array): Promise<void> {
    for (const [index, { columns }] of copy.tables.entries()) {
      this.#texts[index] ??= columns.filter(({ numbers }) => numbers === undefined).map(() => []);
    }
    const columnsOf = (table: number) => this.#texts[table]?.length ?? 0;
    let rows = 0;
    for (const { table, row, texts } of readTextLog(bytesAt(area, copy.texts), columnsOf)) {
      for (const [column, text] of texts.entries()) {
        const values = this.#texts[table]?.[column];
        if (values !== undefined) values[row] = text;
      }
      rows += 1;
      if (rows % SLICE_TEXTS === 0) await this.#giveWay();
    }
  }

  async #learnChunks({ chunks }: StateCopy, area: Uint8Array): Promise<void> {
    if (chunks === undefined) return;
    let read = 0;
    for (const { cell, content } of readCopiedChunks(bytesAt(area, chunks))) {
      this.#chunks.set(cell, encodeStoredChunk(cell, content));
      read += 1;
      if (read % SLICE_CHUNKS === 0) await this.#giveWay();
    }
  }

  async #encodeTable(from: { table: TableCopy; texts: string[][]; area: Uint8Array }) {
    const { name, rows, columns } = from.table;
    const parts: Parts = [this.#small((writer) => writer.string(TABLE_NAME, name))];
    parts.push(this.#small((writer) => writer.uint32(TABLE_ROWS, rows)));
    const texts = from.texts.values();
    for (const { name, numbers } of columns) {
      const values =
        numbers === undefined
          ? lengthPrefixed(COLUMN_STRINGS, [await this.#encodeTexts(texts.next().value, rows)])
          : lengthPrefixed(COLUMN_NUMBERS, [bytesAt(from.area, numbers)]);
      const nameField = this.#small((writer) => writer.string(COLUMN_NAME, name));
      parts.push(...lengthPrefixed(TABLE_COLUMNS, [nameField, ...values]));
    }
    return parts;
  }

  async #encodeTexts(texts: readonly string[] = [], rows: number): Promise<Uint8Array> {
    const writer = this.#writer;
    writer.reset();
    for (let row = 0; row < rows; row++) {
      const text = texts[row] ?? "";
      if (text !== "") writer.string(STRINGS_VALUES, text);
      else writer.end(writer.begin(STRINGS_VALUES));
      if (row % SLICE_TEXTS === SLICE_TEXTS - 1) await this.#giveWay();
    }
    return writer.view().slice();
  }

  #small(write: (writer: WireWriter) => void): Uint8Array {
    this.#writer.reset();
    write(this.#writer);
    return this.#writer.view().slice();
  }
}

function bytesAt(area: Uint8Array, { start, bytes }: Extent): Uint8Array {
  return area.subarray(start, start + bytes);
}
