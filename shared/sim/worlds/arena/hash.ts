import { createStateHash, hashDigest, hashWord } from "../../kernel/hash.ts";
import { hashTable } from "../../kernel/table-hash.ts";
import type { ArenaWorld } from "./world.ts";

/** 16 hexadecimal digits that are equal when the states are, whatever the capacities. */
export function hashArena(world: ArenaWorld): string {
  const hash = createStateHash();
  const { width, height, tickRate, cellSize, seed } = world.parameters;
  for (const word of [width, height, tickRate, cellSize, seed, world.tick]) hashWord(hash, word);
  hashTable(hash, world.players);
  return hashDigest(hash);
}
