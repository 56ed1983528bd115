import { create, fromBinary } from "@bufbuild/protobuf";
import { BlocksChunkSchema, BlocksStoredChunkSchema } from "#proto/blocks_pb.ts";
import type { Snapshot } from "#proto/journal_pb.ts";
import { readBlocksChunk, readChunkData } from "#shared/net/blocks-chunk-codec.ts";
import { WireError } from "#shared/net/wire-reader.ts";
import {
  type BlocksRoom,
  type BlocksWorld,
  changedChunks,
  createBlocks,
  HOME_WORDS,
  restoreChunk,
  SnapshotError,
} from "#shared/sim/index.ts";
import {
  decodeSnapshot,
  decodeTable,
  encodeSnapshot,
  encodeTable,
} from "#shared/sim/kernel/snapshot.ts";
import { encodeStoredChunk } from "./stored-chunk.ts";
import { encodeMirror, mirrorHead, restoreStoredMirror } from "./stored-mirror.ts";

/** Rises with every change of the columns, of the chunks or of what they mean. */
export const BLOCKS_SCHEMA_VERSION = 7;

/** The whole state between two ticks. */
export function encodeBlocksSnapshot(world: BlocksWorld): Uint8Array {
  return encodeSnapshot({
    ...headOf(world),
    tables: [
      encodeTable(world.entities),
      encodeTable(world.bags),
      encodeTable(world.waiting),
      encodeMirror(world),
    ],
    blocksChunks: changedChunks(world.chunks).map((chunk) => {
      return fromBinary(BlocksStoredChunkSchema, encodeStoredChunk(chunk.index, chunk));
    }),
  });
}

/** What `encodeBlocksSnapshot` writes beside tables and chunks: a copy has them apart. */
export function encodeBlocksHead(world: BlocksWorld): Uint8Array {
  return encodeSnapshot(headOf(world));
}

/**
 * The world that was written: same hash, same future. Throws `SnapshotError` for damaged bytes,
 * another world or version. The room must be that of the world that was written.
 */
export function decodeBlocksSnapshot(bytes: Uint8Array, room?: BlocksRoom): BlocksWorld {
  const snapshot = decodeSnapshot(bytes, {
    world: "blocks",
    schemaVersions: [BLOCKS_SCHEMA_VERSION],
  });
  const world = createStored(snapshot, room);
  decodeTable(world.entities, snapshot);
  decodeTable(world.bags, snapshot);
  decodeTable(world.waiting, snapshot);
  world.tick = snapshot.tick;
  restoreChunks(world, snapshot);
  for (const cell of snapshot.blocksLand?.awake ?? []) world.awake.add(cell);
  const populated = snapshot.blocksLand?.populated ?? new Uint8Array();
  if (populated.length !== world.populated.length) throw layoutError("the land's chunks");
  world.populated.set(populated);
  restoreStoredMirror(world, snapshot);
  indexPlayers(world);
  return world;
}

function headOf(world: BlocksWorld) {
  const { tick, parameters, awake, populated } = world;
  return {
    schemaVersion: BLOCKS_SCHEMA_VERSION,
    tick,
    parameters: { case: "blocks" as const, value: { ...parameters } },
    blocksLand: { awake: [...awake], populated: populated.slice(), ...mirrorHead(world) },
  };
}

function createStored(snapshot: Snapshot, room?: BlocksRoom): BlocksWorld {
  if (snapshot.parameters.case !== "blocks") throw layoutError("the parameters");
  try {
    return createBlocks(snapshot.parameters.value, room);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new SnapshotError("layout", `${cause.message}; use an older one`, { cause });
  }
}

function restoreChunks(world: BlocksWorld, snapshot: Snapshot): void {
  const { columns, rows } = world.shape;
  for (const { chunk, content, homes } of snapshot.blocksChunks) {
    if (chunk >= columns * rows) throw layoutError(`chunk ${chunk}`);
    const message = content ?? create(BlocksChunkSchema);
    try {
      const restored = restoreChunk(world.chunks, chunk, Math.max(1, world.tick));
      readBlocksChunk(message, restored);
      readChunkData(message, restored.data);
      restored.homes = readHomes(homes, chunk);
    } catch (cause) {
      if (!(cause instanceof WireError)) throw cause;
      throw new SnapshotError("layout", `chunk ${chunk}: ${cause.message}`, { cause });
    }
  }
}

function readHomes(bytes: Uint8Array, chunk: number): Int32Array | undefined {
  if (bytes.length === 0) return undefined;
  if (bytes.length !== HOME_WORDS * 4) throw layoutError(`chunk ${chunk}`);
  return new Int32Array(bytes.slice().buffer);
}

function indexPlayers(world: BlocksWorld): void {
  const { ids, columns, rowCount } = world.bags;
  for (let bag = 0; bag < rowCount; bag++) {
    const playerId = columns.playerId[bag] ?? "";
    if (ids[bag] !== 0 && playerId !== "") world.bagByPlayer.set(playerId, bag);
  }
}

function layoutError(what: string): SnapshotError {
  return new SnapshotError(
    "layout",
    `${what} cannot be read; the snapshot is damaged, use an older one`,
  );
}
