// Blocks as the seed makes them, for whoever compares. To make a chunk takes as long as a hundred
// block updates, and writes come from all over the land, so chunks are remembered; as runs of equal
// blocks they take a third of what they would.
import { CHUNK_CELLS } from "../constants.ts";
import { type BlocksShape, chunkOf } from "../layout.ts";
import { createChunk } from "./chunk.ts";

/** Chunks remembered, some 16 MB; beyond it the first goes. */
const CHUNKS_MAX = 16_384;

/** Bits of a run: block id and level, and above them its length less one. */
const LEVEL_BITS = 8;
const VALUE_BITS = 24;
const VALUE_MASK = 0xff_ffff;
const RUN_MAX = 256;

/** What is remembered; a matter of the process, and of no influence on what happens. */
export interface PristineLand {
  readonly seed: number;
  readonly shape: BlocksShape;
  /** By chunk. */
  readonly runs: Map<number, Uint32Array>;
}

/** Remembers nothing yet. */
export function createPristineLand(seed: number, shape: BlocksShape): PristineLand {
  return { seed, shape, runs: new Map() };
}

/** Block id << 8 | level of a cell as the seed makes it. */
export function pristineValue(land: PristineLand, cell: number): number {
  const chunk = chunkOf(cell);
  let left = cell - chunk * CHUNK_CELLS;
  for (const run of runsOf(land, chunk)) {
    left -= (run >>> VALUE_BITS) + 1;
    if (left < 0) return run & VALUE_MASK;
  }
  throw new RangeError(`cannot tell what the seed makes of cell ${cell}: no chunk has it`);
}

function runsOf({ seed, shape, runs }: PristineLand, index: number): Uint32Array {
  const known = runs.get(index);
  if (known !== undefined) return known;
  for (const first of runs.size < CHUNKS_MAX ? [] : runs.keys()) {
    runs.delete(first);
    break;
  }
  const { ids, levels } = createChunk(seed, shape, index);
  const made = encodeRuns((at) => ((ids[at] ?? 0) << LEVEL_BITS) | (levels[at] ?? 0));
  runs.set(index, made);
  return made;
}

function encodeRuns(valueAt: (index: number) => number): Uint32Array {
  const runs: number[] = [];
  let start = 0;
  for (let end = 1; end <= CHUNK_CELLS; end++) {
    const value = valueAt(start);
    const goesOn = end < CHUNK_CELLS && end - start < RUN_MAX && valueAt(end) === value;
    if (goesOn) continue;
    runs.push((((end - start - 1) << VALUE_BITS) | value) >>> 0);
    start = end;
  }
  return Uint32Array.from(runs);
}
