// Which chunks are in memory. A chunk that nobody changed is a function of the seed: it is made
// when somebody looks at it, and let go when it is not needed, and neither can change what happens.
// So the map is a memory and no state; only the changed chunks are, and they stay.

import { CHUNKS_LOADED_MAX } from "../constants.ts";
import type { BlocksShape } from "../layout.ts";
import {
  type Chunk,
  type ChunkHash,
  createChunk,
  emptyChunk,
  hashChunk,
  isChanged,
} from "./chunk.ts";
import {
  createGround,
  DRY,
  type GroundMap,
  groundBit,
  hasPasture,
  PASTURE,
  surveyGround,
  WALKABLE,
} from "./ground.ts";

/** Chunks that are looked at in one tick to let some go. */
const TRIM_MAX = 1024;

export interface ChunkMap {
  readonly seed: number;
  readonly shape: BlocksShape;
  readonly loadedMax: number;
  /** By index; undefined where none is loaded. */
  readonly chunks: (Chunk | undefined)[];
  /** Where one can walk in each of them. */
  readonly ground: GroundMap;
  /** Indices of the chunks that were changed. */
  readonly changed: Set<number>;
  /** Those that changed since the land was last hashed, and the sum of what all count for. */
  readonly stale: Set<number>;
  readonly sum: { low: number; high: number };
  /** Indices of the loaded chunks in the order in which `trimChunks` looks at them. */
  readonly order: number[];
  /** What `usedTick` of a chunk that nobody changed becomes when it is looked at. */
  tick: number;
  /** Chunks made and let go since the start; for metrics. */
  madeCount: number;
  droppedCount: number;
}

/** A map without chunks; `loadedMax` bounds those in memory that nobody changed. */
export function createChunkMap(
  seed: number,
  shape: BlocksShape,
  loadedMax = CHUNKS_LOADED_MAX,
): ChunkMap {
  return {
    seed,
    shape,
    loadedMax,
    chunks: new Array<Chunk | undefined>(shape.columns * shape.rows).fill(undefined),
    ground: createGround(shape.columns * shape.rows),
    changed: new Set(),
    stale: new Set(),
    sum: { low: 0, high: 0 },
    order: [],
    tick: 0,
    madeCount: 0,
    droppedCount: 0,
  };
}

/** The chunk with an index inside the world; made when it is not there. */
export function chunkWith(map: ChunkMap, index: number): Chunk {
  const chunk = map.chunks[index] ?? loadChunk(map, index);
  // Changed chunks stay anyhow: a look at one writes nothing to it.
  if (!isChanged(chunk)) chunk.usedTick = map.tick;
  return chunk;
}

/** A chunk of a snapshot, to be filled with what was stored; it counts as changed. */
export function restoreChunk(map: ChunkMap, index: number, tick: number): Chunk {
  const chunk = emptyChunk(index);
  chunk.counted = map.chunks[index]?.counted;
  if (map.chunks[index] === undefined) map.order.push(index);
  map.chunks[index] = chunk;
  noteChange(map, chunk, tick);
  return chunk;
}

/** Forgets a chunk, changed or not, for a client that does not see it: the seed makes it again. */
export function forgetChunk(map: ChunkMap, index: number): void {
  map.chunks[index] = undefined;
  map.changed.delete(index);
  map.stale.delete(index);
  map.ground.known[index] = 0;
}

/** Whether one can enter a block of a chunk inside the world; `area` is its `areaIndex`. */
export function isWalkableIn(map: ChunkMap, index: number, area: number): boolean {
  if (map.ground.known[index] !== 1) surveyGround(map.ground, chunkWith(map, index));
  return groundBit(map.ground, index, WALKABLE + area);
}

/** Whether one can begin on it too: nothing stands there and it is no water. */
export function isDryIn(map: ChunkMap, index: number, area: number): boolean {
  if (map.ground.known[index] !== 1) surveyGround(map.ground, chunkWith(map, index));
  return groundBit(map.ground, index, DRY + area);
}

/** Whether there is ripe grass that one can stand on. */
export function isPastureIn(map: ChunkMap, index: number, area: number): boolean {
  if (map.ground.known[index] !== 1) surveyGround(map.ground, chunkWith(map, index));
  return groundBit(map.ground, index, PASTURE + area);
}

/** Whether there is any in a chunk. */
export function hasPastureIn(map: ChunkMap, index: number): boolean {
  if (map.ground.known[index] !== 1) surveyGround(map.ground, chunkWith(map, index));
  return hasPasture(map.ground, index);
}

/** Notes that something in a chunk is another than it was. */
export function noteChange(map: ChunkMap, chunk: Chunk, tick: number): void {
  map.ground.known[chunk.index] = 0;
  noteLevel(map, chunk, tick);
}

/** Notes a change that has no influence on where one can walk. */
export function noteLevel(map: ChunkMap, chunk: Chunk, tick: number): void {
  if (!isChanged(chunk)) map.changed.add(chunk.index);
  map.stale.add(chunk.index);
  chunk.changedTick = tick;
  chunk.checksum = undefined;
}

/**
 * A fingerprint of all changed chunks. It is a sum over them, so that only those are looked at that
 * changed since the last time.
 */
export function hashLand(map: ChunkMap): ChunkHash {
  const { stale, sum } = map;
  for (const index of stale) {
    const chunk = chunkWith(map, index);
    const before = chunk.counted ?? NOTHING;
    const now = hashChunk(chunk);
    chunk.counted = now;
    sum.low = (sum.low - before.low + now.low) >>> 0;
    sum.high = (sum.high - before.high + now.high) >>> 0;
  }
  stale.clear();
  return sum;
}

const NOTHING: ChunkHash = { low: 0, high: 0 };

/** The changed chunks by index, as they are stored and hashed. */
export function changedChunks(map: ChunkMap): Chunk[] {
  const indices = [...map.changed].sort((left, right) => left - right);
  return indices.map((index) => chunkWith(map, index));
}

/**
 * Lets chunks go that nobody changed, while more are loaded than may be: those that were not looked
 * at for a tick, the longest loaded first. When all are in use there are more of them for a while.
 */
export function trimChunks(map: ChunkMap): void {
  let examined = 0;
  while (map.order.length > map.loadedMax && examined < Math.min(TRIM_MAX, map.order.length)) {
    examined += 1;
    const index = map.order.shift() ?? 0;
    const chunk = map.chunks[index];
    if (chunk === undefined || isChanged(chunk)) continue;
    if (chunk.usedTick >= map.tick) map.order.push(index);
    else {
      map.chunks[index] = undefined;
      map.droppedCount += 1;
    }
  }
}

function loadChunk(map: ChunkMap, index: number): Chunk {
  if (!(index >= 0 && index < map.chunks.length)) {
    throw new RangeError(
      `cannot load chunk ${index}: the world has chunks 0 to ${map.chunks.length - 1}`,
    );
  }
  const chunk = createChunk(map.seed, map.shape, index);
  map.chunks[index] = chunk;
  map.order.push(index);
  map.madeCount += 1;
  return chunk;
}
