// The fingerprint by which a client proves that it knows a chunk, and who is in it, as the shard
// does. The parts are mixed each by itself and added modulo 2^32, so that the order of entities,
// which differs between the two, does not matter. docs/PROTOCOL.md has the algorithm.
import { CHUNK_BLOCKS, type ChunkContent } from "./blocks-chunk-codec.ts";

/** What of an entity goes into the hash: where it was told to be when, and how it looks. */
export interface HashedBlocksEntity {
  readonly id: number;
  readonly kind: number;
  readonly x: number;
  readonly y: number;
  readonly vx: number;
  readonly vy: number;
  /** Tick in which it was at x, y. */
  readonly tick: number;
  readonly wounds: number;
  readonly facing: number;
  readonly state: number;
  readonly item: number;
  readonly count: number;
}

/** Part of the blocks of a chunk. */
export function hashBlocksChunk({ ids, levels }: ChunkContent): number {
  let hash = START;
  for (let index = 0; index < CHUNK_BLOCKS; index++) {
    hash = mix(hash, ((ids[index] ?? 0) << 8) | (levels[index] ?? 0));
  }
  return finish(hash);
}

/** Part of one entity. */
export function hashBlocksEntity(entity: HashedBlocksEntity): number {
  let hash = mix(START, entity.id);
  hash = mix(hash, entity.kind);
  hash = mix(hash, entity.x);
  hash = mix(hash, entity.y);
  hash = mix(hash, entity.vx);
  hash = mix(hash, entity.vy);
  hash = mix(hash, entity.tick);
  hash = mix(hash, entity.wounds);
  hash = mix(hash, entity.facing);
  hash = mix(hash, entity.state);
  hash = mix(hash, entity.item);
  hash = mix(hash, entity.count);
  return finish(hash);
}

const START = 0x811c9dc5;

/** FNV-1a (Fowler, Noll, Vo) on words, with a shift so that upper bits reach the lower ones. */
function mix(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x01000193);
  return mixed ^ (mixed >>> 15);
}

function finish(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
