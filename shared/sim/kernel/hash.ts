// A 64-bit fingerprint of a world's state: two worlds with the same hash are the same, bit for bit.
// Not against forgery: it finds divergence, it proves no authorship. Two 32-bit lanes in the manner
// of MurmurHash3 (Austin Appleby, 2011) with different constants.

import type { EntityTable, NumberColumn } from "./entity-table.ts";
import { mixBits } from "./math.ts";

/** A hash in progress. */
export interface StateHash {
  low: number;
  high: number;
  words: number;
}

/** Starts a hash. */
export function createStateHash(): StateHash {
  return { low: 0x2545f491, high: 0x6c62272e, words: 0 };
}

/** Adds 32 bits. */
export function hashWord(hash: StateHash, word: number): void {
  const low = Math.imul(word, 0xcc9e2d51);
  hash.low = Math.imul(rotate(hash.low ^ Math.imul(rotate(low, 15), 0x1b873593), 13), 5) + 1;
  const high = Math.imul(word, 0x239b961b);
  hash.high = Math.imul(rotate(hash.high ^ Math.imul(rotate(high, 16), 0xab0e9789), 19), 5) + 3;
  hash.words += 1;
}

/** Adds a text with its length. */
export function hashText(hash: StateHash, text: string): void {
  hashWord(hash, text.length);
  for (let index = 0; index < text.length; index++) hashWord(hash, text.charCodeAt(index));
}

/** Adds all rows up to `rowCount`; the capacity, which is a matter of the process, is left out. */
export function hashTable(hash: StateHash, table: EntityTable): void {
  const { rowCount } = table;
  hashText(hash, table.name);
  hashWord(hash, rowCount);
  hashIntegers(hash, table.ids, rowCount);
  hashIntegers(hash, table.generations, rowCount);
  for (const name in table.schema) {
    const column = table.columns[name];
    if (column === undefined) continue;
    hashText(hash, name);
    if (Array.isArray(column)) {
      for (let row = 0; row < rowCount; row++) hashText(hash, column[row] ?? "");
    } else if (column instanceof Float64Array) hashFloats(hash, column, rowCount);
    else hashIntegers(hash, column, rowCount);
  }
}

/** The hash as 16 hexadecimal digits; the hash in progress stays as it is. */
export function hashDigest(hash: StateHash): string {
  const low = mixBits(hash.low ^ hash.words);
  const high = mixBits(hash.high ^ low);
  return hexadecimal(high) + hexadecimal(mixBits(low + high));
}

function hashIntegers(
  hash: StateHash,
  values: Exclude<NumberColumn, Float64Array>,
  count: number,
): void {
  for (let row = 0; row < count; row++) hashWord(hash, values[row] ?? 0);
}

function hashFloats(hash: StateHash, values: Float64Array, count: number): void {
  const view = new DataView(new ArrayBuffer(8));
  for (let row = 0; row < count; row++) {
    view.setFloat64(0, values[row] ?? 0, true);
    hashWord(hash, view.getUint32(0, true));
    hashWord(hash, view.getUint32(4, true));
  }
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function hexadecimal(word: number): string {
  return word.toString(16).padStart(8, "0");
}
