// What a seed makes, as one number. Also bundled for browsers, to show that every engine makes the
// same world.

import { createStateHash, hashDigest, hashWord } from "../../../kernel/hash.ts";
import { chunkChecksum, createChunk } from "../chunks/chunk.ts";
import { shapeOf } from "../layout.ts";

/** Hash over all chunks of a world of `side` x `side` chunks. */
export function hashGenerated(seed: number, side: number): string {
  const shape = shapeOf(side, side);
  const hash = createStateHash();
  for (let index = 0; index < shape.columns * shape.rows; index++) {
    hashWord(hash, chunkChecksum(createChunk(seed, shape, index)));
  }
  return hashDigest(hash);
}
