// The only way in which blocks change. Whatever changes a block wakes it and its neighbours: in the
// next tick each of them is updated once, however often it was woken. So what a tick costs grows
// with the blocks at which something happens, and not with the world.

import { Block } from "./blocks/block-ids.ts";
import type { Chunk } from "./chunks/chunk.ts";
import { chunkWith, noteChange, noteLevel } from "./chunks/chunk-map.ts";
import { noteFloor } from "./chunks/ground.ts";
import { HOME_WORDS, ItemHome, readHome, writeHome } from "./chunks/item-homes.ts";
import { BLOCK_DATA_BYTES_MAX, CHUNK_AREA, CHUNK_CELLS } from "./constants.ts";
import { chunkOf, neighboursOf } from "./layout.ts";
import type { BlocksWorld } from "./world.ts";

/** Id of the block in a cell. */
export function blockIn(world: BlocksWorld, cell: number): number {
  const chunk = chunkOf(cell);
  return chunkWith(world.chunks, chunk).ids[cell - chunk * CHUNK_CELLS] ?? 0;
}

/** Growth, level, moisture or hardness of the block in a cell, whichever it has. */
export function levelIn(world: BlocksWorld, cell: number): number {
  const chunk = chunkOf(cell);
  return chunkWith(world.chunks, chunk).levels[cell - chunk * CHUNK_CELLS] ?? 0;
}

/** Data of the block in a cell; undefined when it has none. Not to be changed. */
export function dataIn(world: BlocksWorld, cell: number): Uint8Array | undefined {
  const chunk = chunkOf(cell);
  return chunkWith(world.chunks, chunk).data.get(cell - chunk * CHUNK_CELLS);
}

/** Where the item is that the block in a cell was made of. */
export function homeIn(world: BlocksWorld, cell: number): ItemHome {
  const { chunk, inside } = locate(world, cell);
  return chunk.homes === undefined ? ItemHome.Land : readHome(chunk.homes, inside);
}

/** Notes where the item is that the block in a cell was made of. */
export function setHome(world: BlocksWorld, cell: number, home: ItemHome): void {
  const { chunk, inside } = locate(world, cell);
  const { Land } = ItemHome;
  if ((chunk.homes === undefined ? Land : readHome(chunk.homes, inside)) === home) return;
  world.effects.beside.add(cell);
  chunk.homes ??= new Int32Array(HOME_WORDS);
  writeHome(chunk.homes, inside, home);
  // Equal states have equal bytes.
  if (chunk.homes.every((word) => word === 0)) chunk.homes = undefined;
  noteLevel(world.chunks, chunk, world.tick);
}

/** Puts another block into a cell, without data, and wakes it and what is around it. */
export function setBlock(world: BlocksWorld, cell: number, id: number, level: number): void {
  writeCell(world, cell, { id, level });
  world.effects.written.add(cell);
  wakeAround(world, cell);
}

/** Changes how far a block is; whether anything is woken by it is the block's own business. */
export function setLevel(world: BlocksWorld, cell: number, level: number): void {
  if (levelIn(world, cell) === level) return;
  writeCell(world, cell, { id: blockIn(world, cell), level });
  world.effects.written.add(cell);
}

/** Gives a block other data; empty data is none. */
export function setData(world: BlocksWorld, cell: number, data: Uint8Array): void {
  if (data.length > BLOCK_DATA_BYTES_MAX) {
    throw new RangeError(
      `cannot set data of a block: ${data.length} bytes, allowed are ${BLOCK_DATA_BYTES_MAX}`,
    );
  }
  const { chunk, inside } = locate(world, cell);
  world.effects.beside.add(cell);
  if (data.length === 0) chunk.data.delete(inside);
  else chunk.data.set(inside, data);
  noteLevel(world.chunks, chunk, world.tick);
}

/**
 * Writes what another region did there: nothing is woken, that was done where it happened. Where
 * its item is remains to be said by `setHome`.
 */
export function setRemoteBlock(world: BlocksWorld, cell: number, id: number, level: number): void {
  if (blockIn(world, cell) === id && levelIn(world, cell) === level) return;
  writeCell(world, cell, { id, level });
}

/** Updates a block once, in the next tick. */
export function wake(world: BlocksWorld, cell: number): void {
  world.awake.add(cell);
}

/** Updates a block and its neighbours once, in the next tick. */
export function wakeAround(world: BlocksWorld, cell: number): void {
  world.awake.add(cell);
  for (const neighbour of neighboursOf(world.shape, cell)) {
    if (neighbour !== -1) world.awake.add(neighbour);
  }
}

function writeCell(
  world: BlocksWorld,
  cell: number,
  block: { readonly id: number; readonly level: number },
): void {
  const { chunk, inside } = locate(world, cell);
  noteBefore(world, cell, { chunk, inside });
  world.growing.delete(cell);
  const before = chunk.ids[inside];
  const other = before !== block.id;
  if (other) chunk.data.delete(inside);
  chunk.ids[inside] = block.id;
  chunk.levels[inside] = block.id === Block.Air ? 0 : block.level;
  const note = other || block.id === Block.Door ? noteChange : noteLevel;
  note(world.chunks, chunk, world.tick);
  if (inside < CHUNK_AREA) noteFloor(world.chunks.ground, chunk.index, { area: inside, ...block });
  // Grass over dirt is still what was placed; what comes into Air, or leaves it, is not.
  if (other && (before === Block.Air || block.id === Block.Air)) {
    setHome(world, cell, ItemHome.Land);
  }
}

/** What the tick found there, before its first change of the block. */
function noteBefore(
  world: BlocksWorld,
  cell: number,
  { chunk, inside }: { readonly chunk: Chunk; readonly inside: number },
): void {
  const { changed } = world.effects;
  if (changed.has(cell)) return;
  changed.set(cell, { id: chunk.ids[inside] ?? 0, level: chunk.levels[inside] ?? 0 });
}

function locate(world: BlocksWorld, cell: number): { chunk: Chunk; inside: number } {
  const index = chunkOf(cell);
  return { chunk: chunkWith(world.chunks, index), inside: cell - index * CHUNK_CELLS };
}
