import {
  type ChunkContent,
  type ChunkData,
  writeBlocksChunk,
  writeChunkData,
} from "#shared/net/blocks-chunk-codec.ts";
import { WireWriter } from "#shared/net/wire-writer.ts";

/** Field numbers of BlocksStoredChunk. */
const STORED_CHUNK = 1;
const STORED_CONTENT = 2;
const STORED_HOMES = 3;

/** A chunk of a world, with what only its own region knows. */
export interface StoredChunk extends ChunkContent {
  readonly data: ChunkData;
  readonly homes: Int32Array | undefined;
}

/** A chunk as tessera.v1.BlocksStoredChunk. */
export function encodeStoredChunk(chunk: number, content: StoredChunk): Uint8Array {
  const writer = new WireWriter(1_024);
  writer.uint32(STORED_CHUNK, chunk);
  const start = writer.begin(STORED_CONTENT);
  writeBlocksChunk(writer, content);
  writeChunkData(writer, content.data);
  writer.end(start);
  const { homes } = content;
  if (homes !== undefined) {
    const bytes = writer.begin(STORED_HOMES);
    writer.append(new Uint8Array(homes.buffer, homes.byteOffset, homes.byteLength));
    writer.end(bytes);
  }
  return writer.view().slice();
}
