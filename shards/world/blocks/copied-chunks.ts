// Chunks in memory that passes to another thread: words and bytes, one chunk after the other.
//
//   cell · blocks with data · bytes of homes · 768 ids · 768 levels · homes
//   for each with data: index · length · bytes
import { CHUNK_BLOCKS } from "#shared/net/blocks-chunk-codec.ts";
import type { Chunk, CopyArea } from "#shared/sim/index.ts";
import type { StoredChunk } from "./stored-chunk.ts";

/** Of a chunk: its number, how many of its blocks have data, bytes of homes. */
const HEAD_WORDS = 3;
/** Of a block's data: index, length. */
const DATA_WORDS = 2;

/** Bytes that `copyChunk` appends. */
export function copiedBytes({ data, homes }: Chunk): number {
  let bytes = HEAD_WORDS * 4 + CHUNK_BLOCKS * 3 + (homes?.byteLength ?? 0);
  for (const block of data.values()) bytes += DATA_WORDS * 4 + block.length;
  return bytes;
}

/** Appends a chunk of a world to a copy. */
export function copyChunk(area: CopyArea, { index, words, data, homes }: Chunk): void {
  head[0] = index;
  head[1] = data.size;
  head[2] = homes?.byteLength ?? 0;
  area.append(headBytes);
  area.append(bytesOf(words));
  if (homes !== undefined) area.append(bytesOf(homes));
  for (const [block, bytes] of data) {
    area.append(bytesOf(Uint32Array.of(block, bytes.length)));
    area.append(bytes);
  }
}

/** Filled anew for each chunk: there are thousands in a copy, and a tick waits for it. */
const head = new Uint32Array(HEAD_WORDS);
const headBytes = bytesOf(head);

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array | Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** The chunks of a copy, as `copyChunk` gave them. */
export function* readCopiedChunks(
  bytes: Uint8Array,
): Iterable<{ cell: number; content: StoredChunk }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at < bytes.length) {
    const cell = view.getUint32(at, true);
    let left = view.getUint32(at + 4, true);
    const homeBytes = view.getUint32(at + 8, true);
    at += HEAD_WORDS * 4;
    // A copy of its own: the record may begin at an odd byte.
    const ids = new Uint16Array(bytes.slice(at, at + CHUNK_BLOCKS * 2).buffer);
    at += CHUNK_BLOCKS * 2;
    const levels = bytes.slice(at, at + CHUNK_BLOCKS);
    at += CHUNK_BLOCKS;
    const homes =
      homeBytes === 0 ? undefined : new Int32Array(bytes.slice(at, at + homeBytes).buffer);
    at += homeBytes;
    const data = new Map<number, Uint8Array>();
    for (; left > 0; left--) {
      const index = view.getUint32(at, true);
      const length = view.getUint32(at + 4, true);
      at += DATA_WORDS * 4;
      data.set(index, bytes.slice(at, at + length));
      at += length;
    }
    yield { cell, content: { ids, levels, data, homes } };
  }
}
