// Where the items are that blocks were made of. What somebody owns has one home, and a block that
// was placed was an item: the region in which it was placed gives it back, once, whoever breaks it
// and wherever. Each region knows that of its own items only, by two bits for each cell:
//
//   Land       the land's: it drops what it is, as the seed's blocks do
//   Here       it was placed in this region, whose item is in it
//   Elsewhere  its item is not here: another region's, or there is none, as in the top of a tree
//
// So two who break one block in two regions at the same moment do not both have it.
import { CHUNK_CELLS } from "../constants.ts";

/** Where the item of a block is. */
export const ItemHome = { Land: 0, Here: 1, Elsewhere: 2 } as const;

export type ItemHome = (typeof ItemHome)[keyof typeof ItemHome];

const BITS = 2;
const CELLS_PER_WORD = 32 / BITS;
const MASK = (1 << BITS) - 1;

/** Words that hold the homes of a chunk. */
export const HOME_WORDS = CHUNK_CELLS / CELLS_PER_WORD;

/** What the words say of a cell of their chunk. */
export function readHome(words: Int32Array, inside: number): ItemHome {
  const bits = ((words[homeWord(inside)] ?? 0) >>> homeShift(inside)) & MASK;
  if (bits === ItemHome.Here) return ItemHome.Here;
  return bits === ItemHome.Land ? ItemHome.Land : ItemHome.Elsewhere;
}

/** Writes what the words say of a cell of their chunk. */
export function writeHome(words: Int32Array, inside: number, home: ItemHome): void {
  const at = homeWord(inside);
  const shift = homeShift(inside);
  words[at] = ((words[at] ?? 0) & ~(MASK << shift)) | (home << shift);
}

function homeWord(inside: number): number {
  return Math.floor(inside / CELLS_PER_WORD);
}

function homeShift(inside: number): number {
  return (inside % CELLS_PER_WORD) * BITS;
}
