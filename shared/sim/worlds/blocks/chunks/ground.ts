// Where one can walk, as bits: everybody who moves asks for it, and a hundred thousand of them
// would otherwise each read a chunk of its own. 64 bytes a chunk stay near the processor where the
// chunks themselves do not. Derived from the blocks, and forgotten when they change.

import { isPassable } from "../blocks/block-behaviours.ts";
import { Block } from "../blocks/block-ids.ts";
import { CHUNK_AREA } from "../constants.ts";
import type { Chunk } from "./chunk.ts";

const WORD_BITS = 32;
const CHUNK_WORDS = CHUNK_AREA / WORD_BITS;

/** What is known of the ground of each chunk. */
export interface GroundMap {
  /** 1 for a chunk of which the bits are right. */
  readonly known: Uint8Array;
  /** A bit for each block that one can enter, and for each where one would also begin. */
  readonly walkable: Uint32Array;
  readonly dry: Uint32Array;
}

/** Nothing is known yet. */
export function createGround(chunks: number): GroundMap {
  return {
    known: new Uint8Array(chunks),
    walkable: new Uint32Array(chunks * CHUNK_WORDS),
    dry: new Uint32Array(chunks * CHUNK_WORDS),
  };
}

/** Reads the ground of a chunk. */
export function surveyGround(ground: GroundMap, { index, ids, levels }: Chunk): void {
  ground.known[index] = 1;
  for (let word = 0; word < CHUNK_WORDS; word++) {
    let walkable = 0;
    let dry = 0;
    for (let bit = 0; bit < WORD_BITS; bit++) {
      const at = word * WORD_BITS + bit;
      const floor = ids[at] ?? 0;
      const active = ids[CHUNK_AREA + at] ?? 0;
      if (!isPassable(active, levels[CHUNK_AREA + at] ?? 0)) continue;
      if (active === Block.Air && floor === Block.Air) continue;
      walkable |= 1 << bit;
      const wet = floor === Block.Water || floor === Block.DeepWater;
      if (active === Block.Air && !wet) dry |= 1 << bit;
    }
    ground.walkable[index * CHUNK_WORDS + word] = walkable;
    ground.dry[index * CHUNK_WORDS + word] = dry;
  }
}

/** One bit of either map. */
export function groundBit(bits: Uint32Array, chunk: number, area: number): boolean {
  const word = bits[chunk * CHUNK_WORDS + (area >> 5)] ?? 0;
  return ((word >>> (area & (WORD_BITS - 1))) & 1) === 1;
}
