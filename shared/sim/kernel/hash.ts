// A 64-bit fingerprint of a world's state: two worlds with the same hash are the same, bit for bit.
// Not against forgery: it finds divergence, it proves no authorship. Two 32-bit lanes in the manner
// of MurmurHash3 (Austin Appleby, 2011) with different constants.

import { mixBits } from "./math.ts";
import { rotateLeft } from "./murmur.ts";

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
  const low = rotateLeft(Math.imul(word, 0xcc9e2d51), 15);
  hash.low = Math.imul(rotateLeft(hash.low ^ Math.imul(low, 0x1b873593), 13), 5) + 1;
  const high = rotateLeft(Math.imul(word, 0x239b961b), 16);
  hash.high = Math.imul(rotateLeft(hash.high ^ Math.imul(high, 0xab0e9789), 19), 5) + 3;
  hash.words += 1;
}

/** Adds a text with its length. */
export function hashText(hash: StateHash, text: string): void {
  hashWord(hash, text.length);
  for (let index = 0; index < text.length; index++) hashWord(hash, text.charCodeAt(index));
}

/** The hash as 16 hexadecimal digits; the hash in progress stays as it is. */
export function hashDigest(hash: StateHash): string {
  const { low, high } = hashHalves(hash);
  return hexadecimal(low) + hexadecimal(high);
}

/** The hash as two numbers of 32 bits. */
export function hashHalves(hash: StateHash): { low: number; high: number } {
  const low = mixBits(hash.low ^ hash.words);
  return { low, high: mixBits(low + mixBits(hash.high ^ low)) };
}

function hexadecimal(word: number): string {
  return word.toString(16).padStart(8, "0");
}
