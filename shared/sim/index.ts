// The rules of the worlds: deterministic, integer, the same on shards and in clients.

export { CopyArea } from "./kernel/copy-area.ts";
export {
  type EntityTable,
  entityId,
  rowOf,
} from "./kernel/entity-table.ts";
export { cellAt, type GridShape } from "./kernel/grid.ts";
export { createRandom, type Random, randomUint32 } from "./kernel/random.ts";
export { SnapshotError, type SnapshotProblem } from "./kernel/snapshot.ts";
export { SnapshotCopier, type StateCopy } from "./kernel/snapshot-copier.ts";
export type { Departed, Joined, Outcome, PlayerEffects } from "./kernel/world.ts";
export { isDurableArenaAction } from "./worlds/arena/actions/action-table.ts";
export * from "./worlds/arena/constants.ts";
export { hashArena } from "./worlds/arena/hash.ts";
export type * from "./worlds/arena/messages.ts";
export { advanceArena, arenaTravel } from "./worlds/arena/movement.ts";
export {
  ARENA_PARAMETERS,
  type ArenaMeasures,
  arenaGrid,
  cellOf,
  checkArenaParameters,
  measureArena,
} from "./worlds/arena/parameters.ts";
export {
  type ArenaPose,
  packArenaPose,
  readArenaPose,
  readArenaState,
  unpackArenaPose,
} from "./worlds/arena/pose.ts";
export { ArenaReplay } from "./worlds/arena/replay.ts";
export { readArenaSelf, restoreArenaSelf } from "./worlds/arena/self.ts";
export {
  ARENA_SCHEMA_VERSION,
  decodeArenaSnapshot,
  encodeArenaHead,
  encodeArenaSnapshot,
} from "./worlds/arena/snapshot.ts";
export { stepArena } from "./worlds/arena/step.ts";
export { type ArenaEffects, type ArenaWorld, createArena } from "./worlds/arena/world.ts";
export {
  applyBlocksAction,
  isDurableBlocksAction,
} from "./worlds/blocks/actions/action-table.ts";
export { isBreakable, isPassable, placedLevelOf } from "./worlds/blocks/blocks/block-behaviours.ts";
export { Block, STONE_HARDNESS } from "./worlds/blocks/blocks/block-ids.ts";
export { blockNames, isBlock } from "./worlds/blocks/blocks/block-registry.ts";
export { type Chunk, chunkChecksum, isChanged } from "./worlds/blocks/chunks/chunk.ts";
export {
  changedChunks,
  chunkWith,
  forgetChunk,
  noteChange,
  restoreChunk,
} from "./worlds/blocks/chunks/chunk-map.ts";
export { HOME_WORDS } from "./worlds/blocks/chunks/item-homes.ts";
export * from "./worlds/blocks/constants.ts";
export { Mood as BlocksMood } from "./worlds/blocks/creatures/mood.ts";
export { spawnCreature } from "./worlds/blocks/creatures/spawn-creature.ts";
export { CREATURES, healthMaxOf, speedOf } from "./worlds/blocks/creatures/traits.ts";
export { WARES } from "./worlds/blocks/creatures/wares.ts";
export type * from "./worlds/blocks/effects.ts";
export { readSlots, type Stack, stackIn } from "./worlds/blocks/entities/bags.ts";
export { readChest } from "./worlds/blocks/entities/chests.ts";
export { layItem, playersMax } from "./worlds/blocks/entities/entities.ts";
export { GHOST_SLOTS, ghostId, isGhostId } from "./worlds/blocks/entities/ghost-id.ts";
export { BlocksKind, isAnimal, isCreature, isPerson } from "./worlds/blocks/entities/kinds.ts";
export { chestOf, NO_CHEST } from "./worlds/blocks/entities/open-chests.ts";
export { DIRECTIONS as BLOCKS_FACINGS } from "./worlds/blocks/facing.ts";
export { Biome } from "./worlds/blocks/generation/biomes.ts";
export { hashBlocks } from "./worlds/blocks/hash.ts";
export { readPlayer as readBlocksPlayer } from "./worlds/blocks/inputs/leave.ts";
export { ITEM_USES } from "./worlds/blocks/items/item-uses.ts";
export { Item, isPlaceable, itemNames } from "./worlds/blocks/items/items.ts";
export * as blocksLayout from "./worlds/blocks/layout.ts";
export type * from "./worlds/blocks/messages.ts";
export {
  type BlocksMirror,
  type RemoteOutcome,
  restoreMirror,
  stampBits,
  stampOf,
} from "./worlds/blocks/mirror.ts";
export { axisSpeed, moveBody } from "./worlds/blocks/movement.ts";
export { BLOCKS_PARAMETERS, checkBlocksParameters } from "./worlds/blocks/parameters.ts";
export { toRemotes } from "./worlds/blocks/remote-cells.ts";
export { readBlocksSelf, restoreBlocksSelf } from "./worlds/blocks/self.ts";
export { isDryLand } from "./worlds/blocks/spawn.ts";
export { stepBlocks } from "./worlds/blocks/step.ts";
export { type BlocksRoom, type BlocksWorld, createBlocks } from "./worlds/blocks/world.ts";
export {
  blockIn,
  dataIn,
  levelIn,
  setRemoteBlock,
  wake as wakeBlock,
} from "./worlds/blocks/write-block.ts";
