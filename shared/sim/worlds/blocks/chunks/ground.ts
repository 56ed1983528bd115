// Where one can walk and graze, as bits: everybody who moves asks for it, and a hundred thousand of
// them would otherwise each read a chunk of its own. 96 bytes a chunk stay near the processor where
// the chunks themselves do not. Derived from the blocks, and forgotten when they change; a level
// that changes, as that of grass does all the time, changes its bit.

import { isPassable } from "../blocks/block-behaviours.ts";
import { Block, GRASS_RIPE } from "../blocks/block-ids.ts";
import { CHUNK_AREA } from "../constants.ts";
import type { Chunk } from "./chunk.ts";

const WORD_BITS = 32;
const MAP_WORDS = CHUNK_AREA / WORD_BITS;
const CHUNK_WORDS = 3 * MAP_WORDS;

/** Bits at which the maps begin: blocks that one can enter; where one would also begin; graze. */
export const WALKABLE = 0;
export const DRY = CHUNK_AREA;
export const PASTURE = 2 * CHUNK_AREA;

/** What is known of the ground of each chunk. */
export interface GroundMap {
  /** 1 for a chunk of which the bits are right. */
  readonly known: Uint8Array;
  /** A bit for each block, in each of the maps. */
  readonly bits: Uint32Array;
}

/** Nothing is known yet. */
export function createGround(chunks: number): GroundMap {
  return {
    known: new Uint8Array(chunks),
    bits: new Uint32Array(chunks * CHUNK_WORDS),
  };
}

/** Reads the ground of a chunk. */
export function surveyGround(ground: GroundMap, { index, ids, levels }: Chunk): void {
  ground.known[index] = 1;
  for (let word = 0; word < MAP_WORDS; word++) {
    let walkable = 0;
    let dry = 0;
    let pasture = 0;
    for (let bit = 0; bit < WORD_BITS; bit++) {
      const at = word * WORD_BITS + bit;
      const floor = ids[at] ?? 0;
      const active = ids[CHUNK_AREA + at] ?? 0;
      if (!isPassable(active, levels[CHUNK_AREA + at] ?? 0)) continue;
      if (active === Block.Air && floor === Block.Air) continue;
      walkable |= 1 << bit;
      if (isRipe(floor, levels[at] ?? 0)) pasture |= 1 << bit;
      const wet = floor === Block.Water || floor === Block.DeepWater;
      if (active === Block.Air && !wet) dry |= 1 << bit;
    }
    ground.bits[index * CHUNK_WORDS + word] = walkable;
    ground.bits[index * CHUNK_WORDS + MAP_WORDS + word] = dry;
    ground.bits[index * CHUNK_WORDS + 2 * MAP_WORDS + word] = pasture;
  }
}

/** The level of a block of the floor is another: what that means for those who graze. */
export function noteFloor(
  ground: GroundMap,
  chunk: number,
  { area, id, level }: { readonly area: number; readonly id: number; readonly level: number },
): void {
  if (ground.known[chunk] !== 1) return;
  const word = chunk * CHUNK_WORDS + 2 * MAP_WORDS + (area >> 5);
  const bit = 1 << (area & (WORD_BITS - 1));
  const grazed = isRipe(id, level) && groundBit(ground, chunk, WALKABLE + area);
  ground.bits[word] = grazed ? (ground.bits[word] ?? 0) | bit : (ground.bits[word] ?? 0) & ~bit;
}

/** Whether there is any place to graze in a chunk. */
export function hasPasture({ bits }: GroundMap, chunk: number): boolean {
  const start = chunk * CHUNK_WORDS + 2 * MAP_WORDS;
  for (let word = start; word < start + MAP_WORDS; word++) if (bits[word] !== 0) return true;
  return false;
}

/** One bit: that of a place, from where a map begins. */
export function groundBit({ bits }: GroundMap, chunk: number, bit: number): boolean {
  const word = bits[chunk * CHUNK_WORDS + (bit >> 5)] ?? 0;
  return ((word >>> (bit & (WORD_BITS - 1))) & 1) === 1;
}

function isRipe(id: number, level: number): boolean {
  return id === Block.Grass && level >= GRASS_RIPE;
}
