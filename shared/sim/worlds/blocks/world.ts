import { RegionNames } from "#shared/time/region-names.ts";
import { createEntityTable, type EntityTable } from "../../kernel/entity-table.ts";
import { createGrid, type Grid } from "../../kernel/grid.ts";
import type { World } from "../../kernel/world.ts";
import { type ChunkMap, createChunkMap } from "./chunks/chunk-map.ts";
import { createPristineLand, type PristineLand } from "./chunks/pristine-land.ts";
import {
  BLOCKS_BAGS_MAX,
  BLOCKS_ENTITIES_MAX,
  BLOCKS_UNIT,
  BLOCKS_WAITING_MAX,
  CHUNK_SIDE,
  SLOTS,
} from "./constants.ts";
import { type BlocksEffects, createEffects } from "./effects.ts";
import { bagColumns, entityColumns, waitingColumns } from "./entities/components.ts";
import { type BlocksShape, shapeOf } from "./layout.ts";
import type { BlocksParameters } from "./messages.ts";
import { type BlocksMirror, createMirror } from "./mirror.ts";
import { checkBlocksParameters } from "./parameters.ts";

/**
 * A world of blocks between two ticks. Its state is `tick`, changed chunks, `awake`, `entities`,
 * `bags`, `waiting`, `populated` and `mirror`; the rest follows from them.
 */
export interface BlocksWorld extends World {
  readonly parameters: BlocksParameters;
  readonly shape: BlocksShape;
  readonly chunks: ChunkMap;
  /** Cells that are updated in the next tick, in this order. */
  awake: Set<number>;
  /**
   * Some of the awake cells, of which it is known that grass stands there that still grows: a
   * memory and no state. Whoever writes to a cell takes it out.
   */
  readonly growing: Set<number>;
  readonly entities: EntityTable<typeof entityColumns>;
  /** What players and traders carry, and what is known of players only. */
  readonly bags: EntityTable<typeof bagColumns>;
  /** Items that are to lie on the ground and for which there is no room yet. */
  readonly waiting: EntityTable<typeof waitingColumns>;
  /** The slots of all bags: a column for each. */
  readonly slots: BagSlots;
  /** By chunk: 1 once its creatures have come to be. */
  readonly populated: Uint8Array;
  /** Bag of each player in the world, by player id; changed by joins and leaves only. */
  readonly bagByPlayer: Map<string, number>;
  /** True for a client's: only its own player moves and acts, the rest is told. */
  readonly predicts: boolean;
  /** Who wrote what, where several regions have the world in common. */
  readonly mirror: BlocksMirror;
  /** What happened in the last tick; cleared when the next one starts. */
  readonly effects: BlocksEffects;
  /** Room to work in during a step; empty of meaning between two. */
  readonly nearby: Nearby;
  readonly pristine: PristineLand;
}

interface BagSlots {
  readonly items: readonly Uint16Array[];
  readonly counts: readonly Uint8Array[];
}

interface Nearby {
  readonly grid: Grid;
  readonly rows: Int32Array;
  /** Tick for which the grid was filled. */
  tick: number;
  /** By chunk: the tick in which a player was last in it, and in which one was last near it. */
  readonly occupiedTicks: Uint32Array;
  readonly livelyTicks: Uint32Array;
}

/** How much of a world a process has room for. */
export interface BlocksRoom {
  /** Chunks in memory that nobody changed; has no influence on what happens. */
  readonly chunksLoadedMax?: number;
  /** Entities and bags: the same wherever the same inputs are to lead to the same state. */
  readonly entities?: number;
  readonly bags?: number;
  readonly waiting?: number;
  readonly predicts?: boolean;
  /** Numbers of regions, where others have them too. */
  readonly regions?: RegionNames;
}

/** A world at tick 0; throws a `RangeError` for parameters that are out of range. */
export function createBlocks(parameters: BlocksParameters, room: BlocksRoom = {}): BlocksWorld {
  const checked = checkBlocksParameters(parameters);
  const shape = shapeOf(checked.columns, checked.rows);
  const chunkCount = shape.columns * shape.rows;
  const capacity = room.entities ?? BLOCKS_ENTITIES_MAX;
  const bags = createEntityTable("bags", bagColumns, room.bags ?? BLOCKS_BAGS_MAX);
  const cellSize = CHUNK_SIDE * BLOCKS_UNIT;
  return {
    parameters: checked,
    shape,
    tick: 0,
    chunks: createChunkMap(checked.seed, shape, room.chunksLoadedMax),
    awake: new Set(),
    growing: new Set(),
    entities: createEntityTable("entities", entityColumns, capacity),
    bags,
    waiting: createEntityTable("waiting", waitingColumns, room.waiting ?? BLOCKS_WAITING_MAX),
    slots: slotsOf(bags),
    // Whole blocks of words, so that it can be hashed.
    populated: new Uint8Array(Math.ceil(chunkCount / 16) * 16),
    bagByPlayer: new Map(),
    predicts: room.predicts ?? false,
    mirror: createMirror(room.regions ?? new RegionNames()),
    effects: createEffects(),
    nearby: {
      grid: createGrid({ cellSize, columns: shape.columns, rows: shape.rows }, capacity),
      rows: new Int32Array(capacity),
      tick: -1,
      occupiedTicks: new Uint32Array(chunkCount),
      livelyTicks: new Uint32Array(chunkCount),
    },
    pristine: createPristineLand(checked.seed, shape),
  };
}

function slotsOf({ columns }: EntityTable<typeof bagColumns>): BagSlots {
  const items: Uint16Array[] = [];
  const counts: Uint8Array[] = [];
  for (let slot = 0; slot < SLOTS; slot++) {
    const item = columns[`item${slot}`];
    const count = columns[`count${slot}`];
    if (item === undefined || count === undefined) throw new Error(`cannot find slot ${slot}`);
    items.push(item);
    counts.push(count);
  }
  return { items, counts };
}
