// The world as it is before anybody comes: a function of the seed and the place alone. Nothing in
// it moves by itself: grass is grown, water is even, dirt is dry, so that a chunk costs nothing
// until somebody changes it.

import { randomUint32, scaleRandom } from "../../../kernel/random.ts";
import { Block, GRASS_GROWTH_MAX, STONE_HARDNESS, WATER_LEVEL_MAX } from "../blocks/block-ids.ts";
import { CHUNK_AREA, CHUNK_SIDE, LAYER_ACTIVE, LAYER_CEILING } from "../constants.ts";
import { Biome, MOUNTAINS_FROM, ROCKS_FROM, surveyChunk } from "./biomes.ts";
import { placeDen } from "./den.ts";
import { placeHut } from "./hut.ts";

/** What chance is about, each on its own. */
const SALT_GROWTH = 0x300;
const SALT_ROCK = 0x301;
const SALT_ORE = 0x302;

/** Percent of blocks. */
const TREES_IN_FOREST = 15;
const TREES_ON_PLAINS = 5;
const FLOWERS_ON_PLAINS = 2;
const CACTUS_IN_DESERT = 2;
const ORE_IN_MOUNTAINS = 10;

/** The blocks of a chunk and their levels, to be written. */
export interface ChunkBlocks {
  readonly ids: Uint16Array;
  readonly levels: Uint8Array;
}

/** Fills the blocks of the chunk whose first block is (x, y). */
export function generateChunk(
  seed: number,
  { x, y }: { readonly x: number; readonly y: number },
  chunk: ChunkBlocks,
): void {
  const survey = surveyChunk(seed, x, y);
  for (let index = 0; index < CHUNK_AREA; index++) {
    const biome = survey.biomes[index] ?? 0;
    putBlock(chunk, index, groundOf(biome));
    const place = { x: x + (index % CHUNK_SIDE), y: y + Math.floor(index / CHUNK_SIDE) };
    const height = survey.heights[index] ?? 0;
    const standing = standingAt(seed, place, { biome, height });
    putBlock(chunk, LAYER_ACTIVE * CHUNK_AREA + index, standing);
    const roofs = standing === Block.Tree || standing === Block.Cactus;
    if (roofs) putBlock(chunk, LAYER_CEILING * CHUNK_AREA + index, standing);
  }
  placeHut(seed, { x, y, survey }, chunk);
  placeDen(seed, { x, y, survey }, chunk);
}

/** Writes a block as it is when it has stood for ever. */
export function putBlock({ ids, levels }: ChunkBlocks, index: number, id: number): void {
  ids[index] = id;
  levels[index] = settledLevel(id);
}

function settledLevel(id: number): number {
  switch (id) {
    case Block.Grass:
      return GRASS_GROWTH_MAX;
    case Block.Water:
      return WATER_LEVEL_MAX;
    case Block.Stone:
    case Block.Ore:
      return STONE_HARDNESS;
    default:
      return 0;
  }
}

function groundOf(biome: number): number {
  switch (biome) {
    case Biome.DeepWater:
      return Block.DeepWater;
    case Biome.Water:
      return Block.Water;
    case Biome.Desert:
      return Block.Sand;
    case Biome.Mountains:
      return Block.Stone;
    default:
      return Block.Grass;
  }
}

function standingAt(
  seed: number,
  { x, y }: { readonly x: number; readonly y: number },
  { biome, height }: { readonly biome: number; readonly height: number },
): number {
  if (biome === Biome.Mountains) {
    const ore = percent(randomUint32(seed, x, y, SALT_ORE)) < ORE_IN_MOUNTAINS;
    return ore ? Block.Ore : Block.Stone;
  }
  const grown = growthOf(biome, percent(randomUint32(seed, x, y, SALT_GROWTH)));
  if (grown !== Block.Air || height < ROCKS_FROM) return grown;
  const rocks = randomUint32(seed, x, y, SALT_ROCK) >>> 16;
  const isRock = rocks * (MOUNTAINS_FROM - ROCKS_FROM) < (height - ROCKS_FROM) * 0x1_0000;
  return isRock ? Block.Stone : Block.Air;
}

function growthOf(biome: number, chance: number): number {
  switch (biome) {
    case Biome.Forest:
      return chance < TREES_IN_FOREST ? Block.Tree : Block.Air;
    case Biome.Plains:
      if (chance < TREES_ON_PLAINS) return Block.Tree;
      return chance < TREES_ON_PLAINS + FLOWERS_ON_PLAINS ? Block.Flower : Block.Air;
    case Biome.Desert:
      return chance < CACTUS_IN_DESERT ? Block.Cactus : Block.Air;
    default:
      return Block.Air;
  }
}

function percent(bits: number): number {
  return scaleRandom(bits, 100);
}
