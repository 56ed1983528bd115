// A chunk: 16 x 16 blocks in three layers, three bytes each.
//
//   ids     768 x u16    block
//   levels  768 x u8     what the block is at: growth of grass, level of water, moisture of dirt,
//                        hardness of stone, whether a door is open; 0 for all others
//   data    few          up to 1 KiB for blocks that have more to say, such as chests
//   homes   768 x 2 bits whose item is in it, see `item-homes.ts`; made when a block is placed

import { createStateHash, hashHalves, hashWord } from "../../../kernel/hash.ts";
import { murmurHash } from "../../../kernel/murmur.ts";
import { CHUNK_CELLS, CHUNK_SIDE } from "../constants.ts";
import { generateChunk } from "../generation/generate-chunk.ts";
import type { BlocksShape } from "../layout.ts";

/** 64 bits as two numbers. */
export interface ChunkHash {
  readonly low: number;
  readonly high: number;
}

/** Only `write-block.ts` changes the blocks of a chunk that is in a world. */
export interface Chunk {
  readonly index: number;
  /** By layer, row and column; see `layout.ts`. */
  readonly ids: Uint16Array;
  readonly levels: Uint8Array;
  /** Data of blocks by index in the chunk. */
  readonly data: Map<number, Uint8Array>;
  /** Where the items of blocks are; undefined while all are the land's. */
  homes: Int32Array | undefined;
  /** All of ids and levels, as they are hashed. */
  readonly words: Int32Array;
  /** Tick of the last change to it; 0 for a chunk that is as the seed made it. */
  changedTick: number;
  /** Tick in which somebody last looked at it, until it is changed; a matter of the process. */
  usedTick: number;
  /** What `chunkChecksum` gave, until something changes. */
  checksum: number | undefined;
  /** What the chunk counts for in the land's hash; undefined when it does not count yet. */
  counted: ChunkHash | undefined;
}

const LEVEL_BYTES_START = CHUNK_CELLS * 2;
const BYTES = CHUNK_CELLS * 3;

/** A chunk of air, which no seed makes. */
export function emptyChunk(index: number): Chunk {
  const buffer = new ArrayBuffer(BYTES);
  return {
    index,
    ids: new Uint16Array(buffer, 0, CHUNK_CELLS),
    levels: new Uint8Array(buffer, LEVEL_BYTES_START, CHUNK_CELLS),
    data: new Map(),
    homes: undefined,
    words: new Int32Array(buffer),
    changedTick: 0,
    usedTick: 0,
    checksum: undefined,
    counted: undefined,
  };
}

/** The chunk as the seed makes it. */
export function createChunk(seed: number, shape: BlocksShape, index: number): Chunk {
  const chunk = emptyChunk(index);
  const column = index % shape.columns;
  const row = (index - column) / shape.columns;
  generateChunk(seed, { x: column * CHUNK_SIDE, y: row * CHUNK_SIDE }, chunk);
  return chunk;
}

/** Whether anything was ever changed in it. */
export function isChanged(chunk: Chunk): boolean {
  return chunk.changedTick !== 0;
}

/** 32 bits by which a client and its shard find out that they have the same blocks and levels. */
export function chunkChecksum(chunk: Chunk): number {
  chunk.checksum ??= murmurHash(chunk.words, 0)[0];
  return chunk.checksum;
}

/** 64 bits over blocks, levels, data and homes, and where the chunk is. */
export function hashChunk(chunk: Chunk): ChunkHash {
  const hash = createStateHash();
  hashWord(hash, chunk.index);
  for (const word of murmurHash(chunk.words, 0)) hashWord(hash, word);
  const cells = [...chunk.data.keys()].sort((left, right) => left - right);
  for (const cell of cells) {
    const bytes = chunk.data.get(cell) ?? new Uint8Array();
    hashWord(hash, cell);
    hashWord(hash, bytes.length);
    for (const byte of bytes) hashWord(hash, byte);
  }
  for (const word of chunk.homes === undefined ? [] : murmurHash(chunk.homes, 0)) {
    hashWord(hash, word);
  }
  return hashHalves(hash);
}
