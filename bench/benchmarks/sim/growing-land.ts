import {
  BLOCKS_PARAMETERS,
  Block,
  type BlocksWorld,
  CHUNK_AREA,
  CHUNK_CELLS,
  chunkWith,
  createBlocks,
  wakeBlock,
} from "#shared/sim/index.ts";

/** Chunks on a side of the land: 65,536 blocks of ground. */
const SIDE = 16;
/** Ticks after which grass is cut: it takes 50 to grow. */
const CUT_TICKS = 20;

/** A land of grass of which so many blocks grow in every tick and all others are at rest. */
export interface GrowingLand {
  readonly world: BlocksWorld;
  /** Once before each tick: cuts the grass now and then, so that it never is done. */
  keepGrowing(): void;
}

/** Blocks that grow lie apart, over all of the land. */
export function createGrowingLand(blocks: number): GrowingLand {
  const parameters = { ...BLOCKS_PARAMETERS, columns: SIDE, rows: SIDE };
  const world = createBlocks(parameters, { entities: 16, bags: 16 });
  const all = SIDE * SIDE * CHUNK_AREA;
  const cells = Array.from({ length: blocks }, (_, index) => {
    const at = Math.floor((index * all) / blocks);
    return Math.floor(at / CHUNK_AREA) * CHUNK_CELLS + (at % CHUNK_AREA);
  });
  for (let index = 0; index < SIDE * SIDE; index++) {
    const { ids, levels } = chunkWith(world.chunks, index);
    ids.fill(Block.Grass, 0, CHUNK_AREA);
    levels.fill(5, 0, CHUNK_AREA);
  }
  return {
    world,
    keepGrowing() {
      if (world.tick % CUT_TICKS !== 0) return;
      for (const cell of cells) {
        const chunk = chunkWith(world.chunks, Math.floor(cell / CHUNK_CELLS));
        chunk.levels[cell % CHUNK_CELLS] = 0;
        wakeBlock(world, cell);
      }
    },
  };
}
