// Huts on green land, so that there is somewhere to live and something with a roof. Each lies
// within one chunk, so no chunk has to know of its neighbours.
//
//   ┌─┬─┬─┐
//   │C    │   walls of planks with windows, a chest, a door in the middle of the lower wall,
//   │     │   planks below and above all of it
//   └──D──┘

import { randomUint32 } from "../../../kernel/random.ts";
import { Block } from "../blocks/block-ids.ts";
import { CHUNK_AREA, CHUNK_SIDE, LAYER_ACTIVE, LAYER_CEILING } from "../constants.ts";
import { Biome, type Survey } from "./biomes.ts";
import { type ChunkBlocks, putBlock } from "./generate-chunk.ts";

const SALT_HUT = 0x400;
/** One in so many chunks has a hut, where the land allows it. */
const CHUNKS_PER_HUT = 4;

const LEFT = 4;
const TOP = 4;
const WIDTH = 7;
const HEIGHT = 6;
const MIDDLE = 3;

/** Whether a chunk has a hut. */
export function hasHut(
  seed: number,
  { x, y, survey }: { readonly x: number; readonly y: number; readonly survey: Survey },
): boolean {
  if (randomUint32(seed, x, y, SALT_HUT) % CHUNKS_PER_HUT !== 0) return false;
  // The land around it too, so that one can get in.
  for (let row = TOP - 1; row <= TOP + HEIGHT; row++) {
    for (let column = LEFT - 1; column <= LEFT + WIDTH; column++) {
      const biome = survey.biomes[row * CHUNK_SIDE + column];
      if (biome !== Biome.Plains && biome !== Biome.Forest) return false;
    }
  }
  return true;
}

/** Builds the hut of a chunk that has one. */
export function placeHut(
  seed: number,
  land: { readonly x: number; readonly y: number; readonly survey: Survey },
  chunk: ChunkBlocks,
): void {
  if (!hasHut(seed, land)) return;
  for (let row = 0; row < HEIGHT; row++) {
    for (let column = 0; column < WIDTH; column++) {
      const index = (TOP + row) * CHUNK_SIDE + LEFT + column;
      putBlock(chunk, index, Block.Planks);
      putBlock(chunk, LAYER_ACTIVE * CHUNK_AREA + index, partOf(column, row));
      putBlock(chunk, LAYER_CEILING * CHUNK_AREA + index, Block.Planks);
    }
  }
  clearEntrance(chunk);
}

function partOf(column: number, row: number): number {
  const side = column === 0 || column === WIDTH - 1;
  const end = row === 0 || row === HEIGHT - 1;
  if (row === HEIGHT - 1 && column === MIDDLE) return Block.Door;
  if (row === 0 && (column === 2 || column === 4)) return Block.Glass;
  if (side || end) return Block.Planks;
  return row === 1 && column === 1 ? Block.Chest : Block.Air;
}

/** No tree before the door. */
function clearEntrance(chunk: ChunkBlocks): void {
  const index = (TOP + HEIGHT) * CHUNK_SIDE + LEFT + MIDDLE;
  putBlock(chunk, LAYER_ACTIVE * CHUNK_AREA + index, Block.Air);
  putBlock(chunk, LAYER_CEILING * CHUNK_AREA + index, Block.Air);
}
