// A chunk of blocks as tessera.v1.BlocksChunk: each layer as a list of the kinds of blocks that
// occur in it and runs of equal ones. Land is mostly runs, so a chunk of 2,304 bytes takes a few
// hundred. The same form goes to clients and into snapshots, which have more
// beside it.
import type { BlocksChunk } from "#proto/blocks_pb.ts";
import type { Plain } from "#shared/sim/kernel/plain.ts";
import { WireError } from "./wire-reader.ts";
import type { WireWriter } from "./wire-writer.ts";

const LAYERS = 3;
const LAYER_BLOCKS = 256;
/** Blocks of a chunk. */
export const CHUNK_BLOCKS = LAYERS * LAYER_BLOCKS;

/** Field numbers of BlocksChunk, BlocksLayer and BlocksMetadata. */
const CHUNK_LAYERS = 1;
const CHUNK_METADATA = 2;
const LAYER_PALETTE = 1;
const LAYER_RUNS = 2;
const METADATA_INDEX = 1;
const METADATA_DATA = 2;

/** The blocks of a chunk by layer, row and column. */
export interface ChunkContent {
  readonly ids: Uint16Array;
  readonly levels: Uint8Array;
}

/** By index in a chunk: what some of its blocks have beside their level. */
export type ChunkData = Map<number, Uint8Array>;

/** A chunk of air. */
export function createChunkContent(): ChunkContent {
  return {
    ids: new Uint16Array(CHUNK_BLOCKS),
    levels: new Uint8Array(CHUNK_BLOCKS),
  };
}

/** A block as one number. */
export function packBlock(id: number, level: number): number {
  return (id << 8) | level;
}

const palette: number[] = [];
const places = new Map<number, number>();
const kinds = new Uint8Array(LAYER_BLOCKS);

/** Appends the layers of a BlocksChunk: all that clients are told of it. */
export function writeBlocksChunk(writer: WireWriter, chunk: ChunkContent): void {
  for (let layer = 0; layer < LAYERS; layer++) writeLayer(writer, chunk, layer);
}

/** Appends the metadata of a BlocksChunk, which is for snapshots. */
export function writeChunkData(writer: WireWriter, data: ChunkData): void {
  for (const index of [...data.keys()].sort((one, other) => one - other)) {
    const start = writer.begin(CHUNK_METADATA);
    writer.uint32(METADATA_INDEX, index);
    const bytes = writer.begin(METADATA_DATA);
    writer.append(data.get(index) ?? new Uint8Array());
    writer.end(bytes);
    writer.end(start);
  }
}

function writeLayer(writer: WireWriter, { ids, levels }: ChunkContent, layer: number): void {
  const first = layer * LAYER_BLOCKS;
  palette.length = 0;
  places.clear();
  for (let index = 0; index < LAYER_BLOCKS; index++) {
    const block = packBlock(ids[first + index] ?? 0, levels[first + index] ?? 0);
    const known = places.get(block);
    const place = known ?? palette.length;
    if (known === undefined) {
      places.set(block, place);
      palette.push(block);
    }
    kinds[index] = place;
  }
  const start = writer.begin(CHUNK_LAYERS);
  const list = writer.begin(LAYER_PALETTE);
  for (const block of palette) writer.packed(block);
  writer.end(list);
  const runs = writer.begin(LAYER_RUNS);
  writeRuns(writer, palette.length);
  writer.end(runs);
  writer.end(start);
}

function writeRuns(writer: WireWriter, kindCount: number): void {
  let start = 0;
  while (start < LAYER_BLOCKS) {
    const kind = kinds[start] ?? 0;
    let end = start + 1;
    while (end < LAYER_BLOCKS && kinds[end] === kind) end += 1;
    writer.packed((end - start - 1) * kindCount + kind);
    start = end;
  }
}

/** Fills a chunk; throws a `WireError` for anything but three whole layers. */
export function readBlocksChunk(message: Plain<BlocksChunk>, into: ChunkContent): void {
  if (message.layers.length !== LAYERS) {
    throw new WireError(
      `cannot read chunk: it has ${message.layers.length} layers, there are ${LAYERS}`,
    );
  }
  for (const [layer, { palette, runs }] of message.layers.entries()) {
    const first = layer * LAYER_BLOCKS;
    let filled = 0;
    for (const run of runs) {
      const block = palette[run % palette.length];
      const length = Math.floor(run / palette.length) + 1;
      if (block === undefined || filled + length > LAYER_BLOCKS) {
        throw new WireError(`cannot read chunk: a run of layer ${layer} is out of range`);
      }
      into.ids.fill(block >>> 8, first + filled, first + filled + length);
      into.levels.fill(block & 0xff, first + filled, first + filled + length);
      filled += length;
    }
    if (filled === LAYER_BLOCKS) continue;
    throw new WireError(
      `cannot read chunk: layer ${layer} has ${filled} blocks, it needs ${LAYER_BLOCKS}`,
    );
  }
}

/** The metadata of a chunk in a snapshot; throws a `WireError` for a block that there is not. */
export function readChunkData({ metadata }: Plain<BlocksChunk>, into: ChunkData): void {
  into.clear();
  for (const { index, data } of metadata) {
    if (index >= CHUNK_BLOCKS) {
      throw new WireError(`cannot read chunk: it has no block ${index}; the last is 767`);
    }
    into.set(index, data);
  }
}
