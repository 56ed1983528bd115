import { Block, GRASS_GROWTH_MAX } from "../blocks/block-ids.ts";
import { chunkWith, noteChange } from "../chunks/chunk-map.ts";
import { CHUNK_AREA } from "../constants.ts";
import { cellAt } from "../layout.ts";
import { BLOCKS_PARAMETERS } from "../parameters.ts";
import { type BlocksRoom, type BlocksWorld, createBlocks } from "../world.ts";
import { blockIn, levelIn, setBlock } from "../write-block.ts";

const ROOM = { entities: 64, bags: 16 };

/** A world of 3 x 3 chunks, or more, of grown grass with nothing and nobody on it. */
export function createFlat(seed = 1, side = 3, room: BlocksRoom = ROOM): BlocksWorld {
  const world = createBlocks({ ...BLOCKS_PARAMETERS, seed, columns: side, rows: side }, room);
  world.populated.fill(1);
  for (let index = 0; index < side * side; index++) {
    const chunk = chunkWith(world.chunks, index);
    noteChange(world.chunks, chunk, 1);
    const { ids, levels } = chunk;
    ids.fill(Block.Air);
    levels.fill(0);
    ids.fill(Block.Grass, 0, CHUNK_AREA);
    levels.fill(GRASS_GROWTH_MAX, 0, CHUNK_AREA);
  }
  return world;
}

/** Number of the cell at a place. */
export function at(world: BlocksWorld, x: number, y: number, layer = 0): number {
  return cellAt(world.shape, { x, y, layer });
}

/** Block and level at a place. */
export function blockAt(world: BlocksWorld, x: number, y: number, layer = 0): [number, number] {
  const cell = at(world, x, y, layer);
  return [blockIn(world, cell), levelIn(world, cell)];
}

/** Puts a block at a place, as if it had just come to stand there. */
export function putAt(
  world: BlocksWorld,
  place: readonly [x: number, y: number, layer?: number],
  block: readonly [id: number, level?: number],
): void {
  const [x, y, layer = 0] = place;
  const [id, level = 0] = block;
  setBlock(world, at(world, x, y, layer), id, level);
}
