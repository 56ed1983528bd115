// What is the same in every world of blocks. Lengths are in hundredths of a block, so that all of
// it is integer: every speed below is a whole number of them a second.

/** Hundredths in a block; positions of entities count hundredths. */
export const BLOCKS_UNIT = 100;

/** Blocks on a side of a chunk. */
export const CHUNK_SIDE = 16;
/** Blocks of one layer of a chunk. */
export const CHUNK_AREA = CHUNK_SIDE * CHUNK_SIDE;

/** Ground. */
export const LAYER_FLOOR = 0;
/** What one walks among and interacts with. */
export const LAYER_ACTIVE = 1;
/** Roofs and the tops of trees. */
export const LAYER_CEILING = 2;
export const LAYERS = 3;

/** Cells of a chunk: layer by layer, row by row. */
export const CHUNK_CELLS = CHUNK_AREA * LAYERS;

/** Chunks that a world may have, all of which may be changed: 150 MB. */
export const BLOCKS_CHUNKS_MAX = 65_536;

/** Blocks on a side of a world. */
export const BLOCKS_SIDE_MAX = 32_768;

export const BLOCKS_TICK_RATE_MIN = 20;
export const BLOCKS_TICK_RATE_MAX = 60;

/** Greatest block id that a player may place. */
export const BLOCK_PLACEABLE_MAX = 1000;

/** Bytes of metadata that a block may have beside its level. */
export const BLOCK_DATA_BYTES_MAX = 1024;

/** Chunks that stay loaded though nobody changed them; beyond it the longest unused go. */
export const CHUNKS_LOADED_MAX = 16_384;
