import { type ChunkContent, writeBlocksChunk } from "#shared/net/blocks-chunk-codec.ts";
import { WireWriter } from "#shared/net/wire-writer.ts";

/** Field numbers of BlocksStoredChunk. */
const STORED_CHUNK = 1;
const STORED_CONTENT = 2;

/** A chunk as tessera.v1.BlocksStoredChunk. */
export function encodeStoredChunk(chunk: number, content: ChunkContent): Uint8Array {
  const writer = new WireWriter(1_024);
  writer.uint32(STORED_CHUNK, chunk);
  const start = writer.begin(STORED_CONTENT);
  writeBlocksChunk(writer, content);
  writer.end(start);
  return writer.view().slice();
}
