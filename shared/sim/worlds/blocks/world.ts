import type { World } from "../../kernel/world.ts";
import { type ChunkMap, createChunkMap } from "./chunks/chunk-map.ts";
import { type BlocksEffects, createEffects } from "./effects.ts";
import { type BlocksShape, shapeOf } from "./layout.ts";
import type { BlocksParameters } from "./messages.ts";
import { checkBlocksParameters } from "./parameters.ts";

/** A world of blocks between two ticks. */
export interface BlocksWorld extends World {
  readonly parameters: BlocksParameters;
  readonly shape: BlocksShape;
  readonly chunks: ChunkMap;
  /** Cells that are updated in the next tick, in this order. */
  awake: Set<number>;
  /** What happened in the last tick; cleared when the next one starts. */
  readonly effects: BlocksEffects;
}

/** How much of a world a process has room for; nothing in it changes what happens. */
export interface BlocksRoom {
  /** Chunks in memory that nobody changed. */
  readonly chunksLoadedMax?: number;
}

/** A world at tick 0; throws a `RangeError` for parameters that are out of range. */
export function createBlocks(parameters: BlocksParameters, room: BlocksRoom = {}): BlocksWorld {
  const checked = checkBlocksParameters(parameters);
  const shape = shapeOf(checked.columns, checked.rows);
  return {
    parameters: checked,
    shape,
    tick: 0,
    chunks: createChunkMap(checked.seed, shape, room.chunksLoadedMax),
    awake: new Set(),
    effects: createEffects(),
  };
}
