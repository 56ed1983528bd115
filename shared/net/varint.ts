// Varints without a branch per byte: the seven-bit groups of a number are moved apart in one word,
// the marks that say "more follows" come from a table by the number's length, and the word is
// stored whole. What it stores beyond the number's own bytes is overwritten by what follows.
//
// https://protobuf.dev/programming-guides/encoding/#varints

/** Bytes that `putVarint` may touch from where it begins. */
export const VARINT_BYTES_MAX = 5;

const WORD_BITS = 32;
const GROUP_BITS = 7;
/** Numbers of more bits do not fit a word of four groups. */
const LONG_SHIFT = 28;
const LONG_MARKS = 0x80808080;

/** By leading zeros of the number: bytes that it takes, and marks of all but the last of them. */
const LENGTHS = new Uint8Array(WORD_BITS + 1);
const MARKS = new Int32Array(WORD_BITS + 1);
for (let zeros = 0; zeros <= WORD_BITS; zeros++) {
  const length = Math.max(1, Math.ceil((WORD_BITS - zeros) / GROUP_BITS));
  LENGTHS[zeros] = length;
  for (let byte = 0; byte < length - 1; byte++)
    MARKS[zeros] = (MARKS[zeros] ?? 0) | (0x80 << (8 * byte));
}

/** Writes a number's low 32 bits and returns where it ends; `view` has room for five bytes. */
export function putVarint(view: DataView, at: number, value: number): number {
  const bits = value | 0;
  if (bits >>> GROUP_BITS === 0) {
    view.setUint8(at, bits);
    return at + 1;
  }
  const groups =
    (bits & 0x7f) | ((bits & 0x3f80) << 1) | ((bits & 0x1f_c000) << 2) | ((bits & 0xfe0_0000) << 3);
  if (bits >>> LONG_SHIFT !== 0) {
    view.setInt32(at, groups | LONG_MARKS, true);
    view.setUint8(at + 4, bits >>> LONG_SHIFT);
    return at + VARINT_BYTES_MAX;
  }
  const zeros = Math.clz32(bits);
  view.setInt32(at, groups | (MARKS[zeros] ?? 0), true);
  return at + (LENGTHS[zeros] ?? 0);
}
