import {
  BLOCKS_CHUNKS_MAX,
  BLOCKS_SIDE_MAX,
  BLOCKS_SPAWN_MAX,
  BLOCKS_TICK_RATE_MAX,
  BLOCKS_TICK_RATE_MIN,
  CHUNK_SIDE,
} from "./constants.ts";
import type { BlocksParameters } from "./messages.ts";

/** The world as it is when nobody says otherwise. */
export const BLOCKS_PARAMETERS: BlocksParameters = Object.freeze({
  seed: 1,
  tickRate: 20,
  columns: 128,
  rows: 128,
  spawnBlocks: 8,
});

/** A frozen copy; throws a `RangeError` that names the parameter and what is allowed. */
export function checkBlocksParameters(parameters: BlocksParameters): BlocksParameters {
  const { seed, tickRate, columns, rows, spawnBlocks } = parameters;
  checkRange("seed", seed, [0, 0xffff_ffff]);
  checkRange("tickRate", tickRate, [BLOCKS_TICK_RATE_MIN, BLOCKS_TICK_RATE_MAX]);
  checkRange("columns", columns, [1, BLOCKS_SIDE_MAX / CHUNK_SIDE]);
  checkRange("rows", rows, [1, BLOCKS_SIDE_MAX / CHUNK_SIDE]);
  checkRange("spawnBlocks", spawnBlocks, [1, BLOCKS_SPAWN_MAX]);
  if (columns * rows > BLOCKS_CHUNKS_MAX) {
    throw new RangeError(
      `cannot create blocks: columns ${columns} and rows ${rows} make ${columns * rows} chunks, ` +
        `allowed are ${BLOCKS_CHUNKS_MAX}; make the world smaller`,
    );
  }
  return Object.freeze({ seed, tickRate, columns, rows, spawnBlocks });
}

function checkRange(
  name: string,
  value: number,
  [min, max]: readonly [min: number, max: number],
): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(
    `cannot create blocks: ${name} is ${value}, allowed is a whole number from ${min} to ${max}`,
  );
}
