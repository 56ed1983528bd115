// Dens in the mountains: a hollow in the rock with a spawner in its middle, so that there is
// something to find and to fear. Each lies within one chunk, as a hut does.

import { randomUint32 } from "../../../kernel/random.ts";
import { Block } from "../blocks/block-ids.ts";
import { CHUNK_AREA, CHUNK_CELLS, CHUNK_SIDE, LAYER_ACTIVE } from "../constants.ts";
import { Biome, type Survey } from "./biomes.ts";
import { type ChunkBlocks, putBlock } from "./generate-chunk.ts";

const SALT_DEN = 0x410;
/** One in so many chunks has a den, where all around is rock: about one in 120 of all. */
const CHUNKS_PER_DEN = 2;
const MIDDLE = CHUNK_SIDE / 2;
/** Blocks from the middle to the rock. */
const HOLLOW = 2;

/** Whether a chunk has a den. */
export function hasDen(
  seed: number,
  { x, y, survey }: { readonly x: number; readonly y: number; readonly survey: Survey },
): boolean {
  if (randomUint32(seed, x, y, SALT_DEN) % CHUNKS_PER_DEN !== 0) return false;
  const wall = HOLLOW + 1;
  for (let row = MIDDLE - wall; row <= MIDDLE + wall; row++) {
    for (let column = MIDDLE - wall; column <= MIDDLE + wall; column++) {
      if (survey.biomes[row * CHUNK_SIDE + column] !== Biome.Mountains) return false;
    }
  }
  return true;
}

/** Digs the den of a chunk that has one. */
export function placeDen(
  seed: number,
  land: { readonly x: number; readonly y: number; readonly survey: Survey },
  chunk: ChunkBlocks,
): void {
  if (!hasDen(seed, land)) return;
  for (let row = MIDDLE - HOLLOW; row <= MIDDLE + HOLLOW; row++) {
    for (let column = MIDDLE - HOLLOW; column <= MIDDLE + HOLLOW; column++) {
      const isMiddle = row === MIDDLE && column === MIDDLE;
      const index = LAYER_ACTIVE * CHUNK_AREA + row * CHUNK_SIDE + column;
      putBlock(chunk, index, isMiddle ? Block.Spawner : Block.Air);
    }
  }
}

/** The one cell of a chunk in which there may be a spawner: nobody can place or break any. */
export function spawnerCell(chunk: number): number {
  return chunk * CHUNK_CELLS + LAYER_ACTIVE * CHUNK_AREA + MIDDLE * CHUNK_SIDE + MIDDLE;
}
