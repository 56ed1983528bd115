import { expect, test } from "bun:test";
import { shapeOf } from "../layout.ts";
import { chunkChecksum } from "./chunk.ts";
import { changedChunks, chunkWith, createChunkMap, noteChange, trimChunks } from "./chunk-map.ts";

const SHAPE = shapeOf(16, 16);

test("a chunk is made once while it is loaded", () => {
  const map = createChunkMap(1, SHAPE, 10);
  expect(chunkWith(map, 3)).toBe(chunkWith(map, 3));
  expect(map.madeCount).toBe(1);
});

test("a chunk outside of the world is refused", () => {
  const map = createChunkMap(1, SHAPE, 10);
  expect(() => chunkWith(map, 256)).toThrow("cannot load chunk 256: the world has chunks 0 to 255");
  expect(() => chunkWith(map, -1)).toThrow("cannot load chunk -1");
});

test("beyond the bound the chunks go that nobody looked at, and come back the same", () => {
  const map = createChunkMap(1, SHAPE, 4);
  const checksums = [0, 1, 2, 3, 4, 5].map((index) => chunkChecksum(chunkWith(map, index)));
  map.tick = 1;
  chunkWith(map, 1);
  trimChunks(map);
  expect(map.chunks.flatMap((chunk) => chunk?.index ?? [])).toEqual([1, 3, 4, 5]);
  expect(map.droppedCount).toBe(2);
  expect(chunkChecksum(chunkWith(map, 0))).toBe(checksums[0] ?? 0);
});

test("chunks that are in use stay, however many they are", () => {
  const map = createChunkMap(1, SHAPE, 4);
  for (let index = 0; index < 20; index++) chunkWith(map, index);
  trimChunks(map);
  expect(map.droppedCount).toBe(0);
});

test("a changed chunk stays", () => {
  const map = createChunkMap(1, SHAPE, 1);
  noteChange(map, chunkWith(map, 7), 1);
  for (let index = 20; index < 30; index++) chunkWith(map, index);
  map.tick = 2;
  trimChunks(map);
  expect(changedChunks(map).map(({ index }) => index)).toEqual([7]);
  expect(map.chunks[7]?.changedTick).toBe(1);
});
