import {
  createStateHash,
  hashDigest,
  hashText,
  hashWord,
  type StateHash,
} from "../../kernel/hash.ts";
import { murmurHash } from "../../kernel/murmur.ts";
import { hashTable } from "../../kernel/table-hash.ts";
import { hashLand } from "./chunks/chunk-map.ts";
import type { BlocksWorld } from "./world.ts";

/** 16 hexadecimal digits that are equal when the states are, whatever is loaded. */
export function hashBlocks(world: BlocksWorld): string {
  const hash = createStateHash();
  const { seed, tickRate, columns, rows } = world.parameters;
  for (const word of [seed, tickRate, columns, rows, world.tick]) hashWord(hash, word);
  const land = hashLand(world.chunks);
  for (const word of [world.chunks.changed.size, land.low, land.high]) hashWord(hash, word);
  hashWord(hash, world.awake.size);
  for (const cell of world.awake) hashWord(hash, cell);
  hashTable(hash, world.entities);
  hashTable(hash, world.bags);
  hashTable(hash, world.waiting);
  for (const word of murmurHash(new Int32Array(world.populated.buffer), 0)) hashWord(hash, word);
  hashMirror(hash, world);
  return hashDigest(hash);
}

/** Who wrote what; tombstones, which its own hash leaves out, are counted. */
function hashMirror(hash: StateHash, { mirror }: BlocksWorld): void {
  const { register, seen } = mirror;
  hashText(hash, register.hash());
  for (const word of [register.size, register.goneCount, seen.hi, seen.lo]) hashWord(hash, word);
}
