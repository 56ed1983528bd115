import {
  BLOCKS_CHUNKS_MAX,
  BLOCKS_SIDE_MAX,
  BLOCKS_TICK_RATE_MAX,
  BLOCKS_TICK_RATE_MIN,
  CHUNK_SIDE,
} from "./constants.ts";

/** Equal on the shard, in every client and, but for `region`, in every region that mirrors it. */
export interface BlocksParameters {
  /** Blocks; whole chunks. */
  readonly width: number;
  /** Blocks; whole chunks. */
  readonly height: number;
  readonly tickRate: number;
  /** 32 bits. */
  readonly seed: number;
}

/** The world as it is when nobody says otherwise. */
export const BLOCKS_PARAMETERS: BlocksParameters = Object.freeze({
  width: 2048,
  height: 2048,
  tickRate: 20,
  seed: 1,
});

/** A frozen copy; throws a `RangeError` that names the parameter and what is allowed. */
export function checkBlocksParameters(parameters: BlocksParameters): BlocksParameters {
  const { width, height, tickRate, seed } = parameters;
  checkSide("width", width);
  checkSide("height", height);
  checkRange("tickRate", tickRate, [BLOCKS_TICK_RATE_MIN, BLOCKS_TICK_RATE_MAX]);
  checkRange("seed", seed, [0, 0xffff_ffff]);
  const chunks = (width / CHUNK_SIDE) * (height / CHUNK_SIDE);
  if (chunks > BLOCKS_CHUNKS_MAX) {
    throw new RangeError(
      `cannot create blocks: width ${width} and height ${height} make ${chunks} chunks, allowed ` +
        `are ${BLOCKS_CHUNKS_MAX}; make the world smaller`,
    );
  }
  return Object.freeze({ width, height, tickRate, seed });
}

function checkSide(name: string, value: number): void {
  checkRange(name, value, [CHUNK_SIDE, BLOCKS_SIDE_MAX]);
  if (value % CHUNK_SIDE === 0) return;
  throw new RangeError(
    `cannot create blocks: ${name} is ${value}, which is not whole chunks; use a multiple of ` +
      `${CHUNK_SIDE}`,
  );
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
