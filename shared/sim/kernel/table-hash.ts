// A table's part in the hash of a state. It is asked for every second at 100,000 rows between two
// ticks, so nothing may be done for each value: numbers are hashed as the words in which they lie,
// and of texts there is a sum that is kept up to date while they are written.

import { type EntityTable, isTexts, type NumberColumn } from "./entity-table.ts";
import { hashText, hashWord, type StateHash } from "./hash.ts";
import { MURMUR_BLOCK_WORDS, murmurHash } from "./murmur.ts";

/** Adds all rows up to `rowCount`; the capacity, which is a matter of the process, is left out. */
export function hashTable(hash: StateHash, table: EntityTable): void {
  const { rowCount, texts } = table;
  hashText(hash, table.name);
  hashWord(hash, rowCount);
  hashNumbers(hash, table.ids, rowCount);
  hashNumbers(hash, table.generations, rowCount);
  for (const name in table.schema) {
    const column = table.columns[name];
    const sum = texts.columns[name]?.sum;
    hashText(hash, name);
    if (sum !== undefined) {
      hashWord(hash, sum.low);
      hashWord(hash, sum.high);
    } else if (column !== undefined && !isTexts(column)) hashNumbers(hash, column, rowCount);
  }
}

/** As whole blocks of words: columns have room for them, and unused rows hold zeros. */
function hashNumbers(hash: StateHash, column: NumberColumn, rowCount: number): void {
  const blocks = Math.ceil((rowCount * column.BYTES_PER_ELEMENT) / (MURMUR_BLOCK_WORDS * 4));
  const words = new Int32Array(column.buffer, column.byteOffset, blocks * MURMUR_BLOCK_WORDS);
  for (const word of murmurHash(words, blocks)) hashWord(hash, word);
}
