import { CHUNK_AREA } from "../constants.ts";
import { NOISE_MAX, type NoiseKind, noiseOfChunk } from "./noise.ts";

/** What a stretch of land is like. */
export const Biome = {
  Plains: 0,
  Desert: 1,
  Forest: 2,
  Mountains: 3,
  Water: 4,
  DeepWater: 5,
} as const;

/** 0.05 and 0.02 lattice points a block, in 1/65536. */
const HEIGHT: NoiseKind = { scale: 3277, salt: 0x100 };
const BIOME: NoiseKind = { scale: 1311, salt: 0x200 };

const share = (part: number) => Math.floor(part * (NOISE_MAX + 1));

const DEEP_BELOW = share(0.2);
const SHALLOW_BELOW = share(0.3);
/** From here on rocks stand about, ever closer up to where the mountains begin. */
export const ROCKS_FROM = share(0.6);
export const MOUNTAINS_FROM = share(0.8);

const DESERT_BELOW = share(0.35);
const FOREST_FROM = share(0.6);

/** What generation knows of a chunk before any block stands in it; row by row. */
export interface Survey {
  /** 0 to 65535. */
  readonly heights: Uint16Array;
  readonly biomes: Uint8Array;
}

/** Looks at the land of the chunk whose first block is (x, y). */
export function surveyChunk(seed: number, x: number, y: number): Survey {
  const heights = noiseOfChunk(seed, { x, y, kind: HEIGHT });
  const climates = noiseOfChunk(seed, { x, y, kind: BIOME });
  const biomes = new Uint8Array(CHUNK_AREA);
  for (let index = 0; index < CHUNK_AREA; index++) {
    biomes[index] = biomeOf(heights[index] ?? 0, climates[index] ?? 0);
  }
  return { heights, biomes };
}

function biomeOf(height: number, climate: number): number {
  if (height < DEEP_BELOW) return Biome.DeepWater;
  if (height < SHALLOW_BELOW) return Biome.Water;
  if (height >= MOUNTAINS_FROM) return Biome.Mountains;
  if (climate < DESERT_BELOW) return Biome.Desert;
  return climate >= FOREST_FROM ? Biome.Forest : Biome.Plains;
}
