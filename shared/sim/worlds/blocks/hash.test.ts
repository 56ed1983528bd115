import { expect, test } from "bun:test";
import { chunkWith, noteChange } from "./chunks/chunk-map.ts";
import { hashBlocks } from "./hash.ts";
import { BLOCKS_PARAMETERS } from "./parameters.ts";
import { createBlocks } from "./world.ts";

test("worlds with the same seed are the same, whatever is loaded", () => {
  const left = createBlocks(BLOCKS_PARAMETERS);
  const right = createBlocks(BLOCKS_PARAMETERS);
  chunkWith(left.chunks, 5);
  expect(hashBlocks(left)).toBe(hashBlocks(right));
  expect(hashBlocks(createBlocks({ ...BLOCKS_PARAMETERS, seed: 2 }))).not.toBe(hashBlocks(left));
});

test("a changed block, its level or its data shows", () => {
  const hashes = [0, 1, 2, 3].map((step) => {
    const world = createBlocks(BLOCKS_PARAMETERS);
    const chunk = chunkWith(world.chunks, 5);
    noteChange(world.chunks, chunk, 1);
    if (step === 1) chunk.ids[400] = 9;
    if (step === 2) chunk.levels[400] = 9;
    if (step === 3) chunk.data.set(400, Uint8Array.of(1, 2));
    return hashBlocks(world);
  });
  expect(new Set(hashes).size).toBe(4);
});
