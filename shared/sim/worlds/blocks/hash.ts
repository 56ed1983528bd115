import { createStateHash, hashDigest, hashWord } from "../../kernel/hash.ts";
import { chunkHash } from "./chunks/chunk.ts";
import { changedChunks } from "./chunks/chunk-map.ts";
import type { BlocksWorld } from "./world.ts";

/** 16 hexadecimal digits that are equal when the states are, whatever is loaded. */
export function hashBlocks(world: BlocksWorld): string {
  const hash = createStateHash();
  const { width, height, tickRate, seed } = world.parameters;
  for (const word of [width, height, tickRate, seed, world.tick]) hashWord(hash, word);
  for (const chunk of changedChunks(world.chunks)) {
    const { low, high } = chunkHash(chunk);
    for (const word of [chunk.index, low, high]) hashWord(hash, word);
  }
  return hashDigest(hash);
}
