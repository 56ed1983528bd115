// Value noise in whole numbers: bit for bit the same in every engine, because nothing in it rounds
// in a way of its own. Lattice points get 16 random bits, places between them are blended along
// 3t² - 2t³ in 16-bit fixed point; three octaves, each of half the weight and twice the frequency.

import { randomUint32 } from "../../../kernel/random.ts";
import { CHUNK_AREA, CHUNK_SIDE } from "../constants.ts";

/** Noise goes from 0 to this. */
export const NOISE_MAX = 0xffff;

const ONE = 0x1_0000;
const OCTAVES = 3;
const WEIGHTS = [4, 2, 1] as const;
const WEIGHTS_SUM = 7;

/** Lattice points a block is wide, in 1/65536, and what sets this noise apart from others. */
export interface NoiseKind {
  readonly scale: number;
  readonly salt: number;
}

/**
 * Noise of each block of a chunk whose first block is (x, y), row by row. Three octaves add up to
 * little more than the middle of the range, so what is far from it is moved further by half.
 */
export function noiseOfChunk(
  seed: number,
  { x, y, kind }: { readonly x: number; readonly y: number; readonly kind: NoiseKind },
): Uint16Array {
  const sums = new Uint32Array(CHUNK_AREA);
  for (let octave = 0; octave < OCTAVES; octave++) {
    const scale = kind.scale << octave;
    const salt = kind.salt + octave;
    addOctave(sums, {
      seed,
      salt,
      weight: WEIGHTS[octave] ?? 0,
      columns: axis(x, scale),
      rows: axis(y, scale),
    });
  }
  const noise = new Uint16Array(CHUNK_AREA);
  for (let index = 0; index < CHUNK_AREA; index++) {
    noise[index] = stretch(Math.floor((sums[index] ?? 0) / WEIGHTS_SUM));
  }
  return noise;
}

interface Octave {
  readonly seed: number;
  readonly salt: number;
  readonly weight: number;
  readonly columns: Axis;
  readonly rows: Axis;
}

/** Lattice point before each block along one axis, and how far the block is towards the next. */
interface Axis {
  readonly points: Int32Array;
  readonly blends: Int32Array;
}

function axis(from: number, scale: number): Axis {
  const points = new Int32Array(CHUNK_SIDE);
  const blends = new Int32Array(CHUNK_SIDE);
  for (let index = 0; index < CHUNK_SIDE; index++) {
    const at = (from + index) * scale;
    points[index] = Math.floor(at / ONE);
    blends[index] = blend(at % ONE);
  }
  return { points, blends };
}

function blend(part: number): number {
  return Math.floor((Math.floor((part * part) / ONE) * (3 * ONE - 2 * part)) / ONE);
}

function addOctave(sums: Uint32Array, octave: Octave): void {
  const { columns, rows, weight } = octave;
  const firstX = columns.points[0] ?? 0;
  const firstY = rows.points[0] ?? 0;
  const width = (columns.points[CHUNK_SIDE - 1] ?? 0) - firstX + 2;
  const height = (rows.points[CHUNK_SIDE - 1] ?? 0) - firstY + 2;
  const lattice = new Uint16Array(width * height);
  for (let index = 0; index < lattice.length; index++) {
    const pointX = firstX + (index % width);
    const pointY = firstY + Math.floor(index / width);
    lattice[index] = randomUint32(octave.seed, pointX, pointY, octave.salt) >>> 16;
  }
  for (let y = 0; y < CHUNK_SIDE; y++) {
    const start = ((rows.points[y] ?? 0) - firstY) * width;
    const down = rows.blends[y] ?? 0;
    for (let x = 0; x < CHUNK_SIDE; x++) {
      const at = start + (columns.points[x] ?? 0) - firstX;
      const right = columns.blends[x] ?? 0;
      const above = mix(lattice[at] ?? 0, lattice[at + 1] ?? 0, right);
      const below = mix(lattice[at + width] ?? 0, lattice[at + width + 1] ?? 0, right);
      const index = y * CHUNK_SIDE + x;
      sums[index] = (sums[index] ?? 0) + weight * mix(above, below, down);
    }
  }
}

function mix(from: number, to: number, part: number): number {
  return from + Math.floor(((to - from) * part) / ONE);
}

function stretch(value: number): number {
  const middle = ONE / 2;
  const stretched = middle + Math.floor(((value - middle) * 3) / 2);
  return Math.max(0, Math.min(NOISE_MAX, stretched));
}
