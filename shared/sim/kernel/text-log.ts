// Rows with their texts as bytes, one after the other: what a copy of a state says of texts. All
// numbers are 32 bits, little-endian.
//
//   table | row | for each text column, in the schema's order: length, UTF-8 | table | row | …

import type { TableTexts } from "./texts.ts";

/** A UTF-16 unit takes at most so many bytes. */
const UTF8_PER_UNIT_MAX = 3;
const START_BYTES = 16_384;
/** A log that has grown beyond this starts anew when it is cleared. */
const KEPT_BYTES_MAX = 1 << 20;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** What is told of one row. */
export interface LoggedRow {
  table: number;
  row: number;
  texts: string[];
}

/** A log that grows as it is written and is used again after `clear`. */
export class TextLog {
  #bytes = new Uint8Array(START_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What was written: a view that the next change makes void. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Appends a row of a table as it is now. */
  append(table: number, row: number, { columns }: TableTexts): void {
    this.#reserve(8);
    this.#word(table);
    this.#word(row);
    for (const name in columns) this.#text(columns[name]?.values[row] ?? "");
  }

  clear(): void {
    this.#length = 0;
    if (this.#bytes.length > KEPT_BYTES_MAX) this.#resize(START_BYTES);
  }

  #text(text: string): void {
    this.#reserve(4 + text.length * UTF8_PER_UNIT_MAX);
    const start = this.#length + 4;
    const { written } = encoder.encodeInto(text, this.#bytes.subarray(start));
    this.#word(written);
    this.#length = start + written;
  }

  #word(word: number): void {
    this.#view.setUint32(this.#length, word, true);
    this.#length += 4;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    this.#resize(Math.max(needed, this.#bytes.length * 2));
  }

  #resize(capacity: number): void {
    const resized = new Uint8Array(capacity);
    resized.set(this.bytes);
    this.#bytes = resized;
    this.#view = new DataView(resized.buffer);
  }
}

/** The rows of a log; `textsOf` tells how many text columns a table has. */
export function* readTextLog(
  bytes: Uint8Array,
  textsOf: (table: number) => number,
): Generator<LoggedRow> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at < bytes.length) {
    const table = view.getUint32(at, true);
    const row = view.getUint32(at + 4, true);
    at += 8;
    const texts: string[] = [];
    for (let count = textsOf(table); count > 0; count--) {
      const end = at + 4 + view.getUint32(at, true);
      // A copy: what lies in shared memory is not decoded everywhere.
      texts.push(decoder.decode(bytes.slice(at + 4, end)));
      at = end;
    }
    yield { table, row, texts };
  }
}
