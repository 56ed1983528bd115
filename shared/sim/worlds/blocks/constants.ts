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

/** Farthest from the middle, in blocks, that players may come to be. */
export const BLOCKS_SPAWN_MAX = BLOCKS_SIDE_MAX / 2;

export const BLOCKS_TICK_RATE_MIN = 20;
export const BLOCKS_TICK_RATE_MAX = 60;

/** Greatest block id that a player may place. */
export const BLOCK_PLACEABLE_MAX = 1000;

/** Bytes of metadata that a block may have beside its level. */
export const BLOCK_DATA_BYTES_MAX = 1024;

/** Chunks that stay loaded though nobody changed them; beyond it the longest unused go. */
export const CHUNKS_LOADED_MAX = 16_384;

/** Slots of a bag. */
export const SLOTS = 36;
/** Slots of a chest. */
export const CHEST_SLOTS = 27;

/** Everything in the world that is no block, lying items among it. */
export const BLOCKS_ENTITIES_MAX = 131_072;
/** Players and traders. */
export const BLOCKS_BAGS_MAX = 16_384;
/** Of the bags those that traders may have, as one part of so many; the others are for players. */
export const TRADER_BAGS_PART = 8;
/** Stacks for which there was no room on the ground; beyond it equal items wait together. */
export const BLOCKS_WAITING_MAX = 65_536;

/** Half of the side of everybody's hitbox of 0.8 x 0.8 blocks. */
export const HITBOX_HALF = 40;

/** Hundredths a second. */
export const PLAYER_SPEED = 500;
export const PLAYER_HEALTH_MAX = 100;

/** How far actions reach, in hundredths as the crow flies. */
export const INTERACT_REACH = 300;
export const ATTACK_REACH = 200;
export const PICKUP_REACH = 200;
export const DROP_REACH = 200;
export const BUILD_REACH = 500;
/** Of items that are used on a block. */
export const USE_REACH = 500;

export const ATTACK_DAMAGE = 10;
export const ATTACK_COOLDOWN_MS = 500;

/** What a blow takes from the hardness of stone. */
export const HAND_STRENGTH = 2;
export const PICKAXE_STRENGTH = 5;

/** Emotes are numbered from 0 to this. */
export const EMOTE_MAX = 31;
