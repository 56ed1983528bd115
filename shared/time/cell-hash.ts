// The mixing that cells are placed and summed by, in the manner of MurmurHash3 (Austin Appleby,
// 2011). Not against forgery: it finds where two registers differ.

/** Adds a word to the lower lane of a hash. */
export function cellWordLow(hash: number, word: number): number {
  const bits = Math.imul(word, 0xcc9e2d51);
  const mixed = hash ^ Math.imul((bits << 15) | (bits >>> 17), 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0x6546b64) | 0;
}

/** Adds a word to the upper lane of a hash. */
export function cellWordHigh(hash: number, word: number): number {
  const bits = Math.imul(word, 0x239b961b);
  const mixed = hash ^ Math.imul((bits << 16) | (bits >>> 16), 0xab0e9789);
  return (Math.imul((mixed << 17) | (mixed >>> 15), 5) + 0x561ccd1b) | 0;
}
