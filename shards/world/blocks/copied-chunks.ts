// Chunks in memory that passes to another thread: words and bytes, one chunk after the other.
//
//   cell · blocks with data · 768 ids · 768 levels · for each with data: index · length · bytes
import { CHUNK_BLOCKS, type ChunkContent } from "#shared/net/blocks-chunk-codec.ts";

/** Of a chunk: its number, how many of its blocks have data. */
const HEAD_WORDS = 2;
/** Of a block's data: index, length. */
const DATA_WORDS = 2;

/** A chunk as parts of a copy. */
export function copyChunk(cell: number, { ids, levels, data }: ChunkContent): Uint8Array[] {
  const parts = [words(cell, data.size), bytesOf(ids), levels];
  for (const [index, bytes] of data) parts.push(words(index, bytes.length), bytes);
  return parts;
}

function words(one: number, other: number): Uint8Array {
  return bytesOf(Uint32Array.of(one, other));
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array | Uint16Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** The chunks of a copy, as `copyChunk` gave them. */
export function* readCopiedChunks(
  bytes: Uint8Array,
): Iterable<{ cell: number; content: ChunkContent }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at < bytes.length) {
    const cell = view.getUint32(at, true);
    let left = view.getUint32(at + 4, true);
    at += HEAD_WORDS * 4;
    // A copy of its own: the record may begin at an odd byte.
    const ids = new Uint16Array(bytes.slice(at, at + CHUNK_BLOCKS * 2).buffer);
    at += CHUNK_BLOCKS * 2;
    const levels = bytes.slice(at, at + CHUNK_BLOCKS);
    at += CHUNK_BLOCKS;
    const data = new Map<number, Uint8Array>();
    for (; left > 0; left--) {
      const index = view.getUint32(at, true);
      const length = view.getUint32(at + 4, true);
      at += DATA_WORDS * 4;
      data.set(index, bytes.slice(at, at + length));
      at += length;
    }
    yield { cell, content: { ids, levels, data } };
  }
}
