// What a client knows of a world of blocks around it: the watched chunks with all three layers, and
// who is in them. Frames are applied in an order that docs/PROTOCOL.md gives and the shard relies
// on:
//
//   forget (reset, gone_cells) → changes and records → gone → hashes → keyframes
//
// An entity is in the cell that told of it last. Where it is follows from its record: from the
// told place it goes on at the told velocity.
import type { BlocksEntity, BlocksEvent } from "#proto/blocks_pb.ts";
import type { Cell, Tick } from "#proto/frame_pb.ts";
import { BLOCKS_UNIT, type BlocksParameters, CHUNK_SIDE } from "#shared/sim/index.ts";
import type { Plain } from "#shared/sim/kernel/plain.ts";
import {
  CHUNK_BLOCKS,
  type ChunkContent,
  createChunkContent,
  readBlocksChunk,
} from "./blocks-chunk-codec.ts";
import { hashBlocksChunk, hashBlocksEntity } from "./blocks-state-hash.ts";
import { BlocksGaits, type BlocksTurn, unpackTurn } from "./blocks-turns.ts";
import { WireError } from "./wire-reader.ts";

/** A chunk's side in hundredths of a block. */
const CHUNK = CHUNK_SIDE * BLOCKS_UNIT;

/** An entity as the shard told of it last. */
export interface KnownBlocksEntity {
  readonly id: number;
  /** Chunk that it is in. */
  cell: number;
  kind: number;
  /** Where it was at the end of `tick`, in hundredths of a block. */
  x: number;
  y: number;
  /** Its way in each tick since, in 64ths of a hundredth. */
  vx: number;
  vy: number;
  tick: number;
  wounds: number;
  facing: number;
  state: number;
  item: number;
  count: number;
  name: string;
  home: string;
}

/** Hears what frames change, while they are applied. */
export interface BlocksViewListener {
  /** A record said something of an entity, new or known. */
  told(entity: KnownBlocksEntity, isNew: boolean): void;
  /** An entity is out of sight. */
  forgotten(entity: KnownBlocksEntity): void;
  /** All of a chunk is known anew. */
  loaded(cell: number, chunk: ChunkContent): void;
  /** A block of a known chunk changed. */
  changed(cell: number, index: number, chunk: ChunkContent): void;
  /** A chunk is not watched any more. */
  unloaded(cell: number): void;
}

const SILENT: BlocksViewListener = {
  told: () => undefined,
  forgotten: () => undefined,
  loaded: () => undefined,
  changed: () => undefined,
  unloaded: () => undefined,
};

/** Applies tick frames; between two of them it is the shard's state of the watched chunks. */
export class BlocksView {
  readonly chunks = new Map<number, ChunkContent>();
  readonly entities = new Map<number, KnownBlocksEntity>();
  /** Of the last frame. */
  events: readonly BlocksEvent[] = [];
  /** Cells of the last frame that are not what the shard has: to be asked for by a `resync`. */
  readonly wrongCells: number[] = [];
  /** Hashes that were compared, and that were not what was known. */
  checks = 0;
  mismatches = 0;
  #tick = 0;
  readonly #listener: BlocksViewListener;
  /** Entities that the frame has told of. */
  readonly #told = new Set<number>();
  readonly #columns: number;
  readonly #gaits: BlocksGaits;
  readonly #turn: BlocksTurn = { x: 0, y: 0, facing: 0, gait: 0, age: 0 };

  constructor(
    { columns, tickRate }: Pick<BlocksParameters, "columns" | "tickRate">,
    listener: BlocksViewListener = SILENT,
  ) {
    this.#columns = columns;
    this.#gaits = new BlocksGaits(tickRate);
    this.#listener = listener;
  }

  /** Of the last frame; everything here is as of its end. 0 before the first. */
  get tick(): number {
    return this.#tick;
  }

  /** Takes a frame. Throws a `WireError` for one that makes no sense; start anew after that. */
  apply(frame: Tick): void {
    // The shard's tick goes back when it has lost its last ones; its first frame then is a reset.
    if (frame.reset || frame.tick < this.#tick) this.clear();
    this.#tick = frame.tick;
    this.#told.clear();
    this.wrongCells.length = 0;
    for (const cell of frame.goneCells) this.#unload(cell);
    for (const cell of frame.cells) if (!cell.keyframe) this.#change(cell);
    for (const cell of frame.cells) if (cell.keyframe) this.#noteTold(cell);
    for (const cell of frame.cells) this.#forgetGone(cell);
    for (const cell of frame.cells) this.#check(cell);
    for (const cell of frame.cells) if (cell.keyframe) this.#load(cell);
    this.events = frame.cells.flatMap(({ blocksEvents }) => blocksEvents);
  }

  /** Forgets everything. */
  clear(): void {
    for (const cell of [...this.chunks.keys()]) this.#unload(cell);
    for (const entity of this.entities.values()) this.#listener.forgotten(entity);
    this.entities.clear();
  }

  /** What a cell's `state_hash` is if this view is right. */
  hashOf(cell: number): number {
    const chunk = this.chunks.get(cell);
    let hash = chunk === undefined ? 0 : hashBlocksChunk(chunk);
    for (const entity of this.entities.values()) {
      if (entity.cell === cell) hash = (hash + hashBlocksEntity(entity)) >>> 0;
    }
    return hash;
  }

  #unload(cell: number): void {
    if (!this.chunks.delete(cell)) return;
    for (const entity of this.entities.values()) if (entity.cell === cell) this.#forget(entity);
    this.#listener.unloaded(cell);
  }

  #change({ cell, blocksChanges, blocksEntities, blocksTurns }: Cell): void {
    const chunk = this.chunks.get(cell);
    if (chunk === undefined) throw new WireError(`cannot change chunk ${cell}: it is not known`);
    for (let row = 0; row + 1 < blocksChanges.length; row += 2) {
      const index = blocksChanges[row] ?? 0;
      const block = blocksChanges[row + 1] ?? 0;
      if (index >= CHUNK_BLOCKS) throw new WireError(`cannot change chunk: no block ${index}`);
      chunk.ids[index] = block >>> 8;
      chunk.levels[index] = block & 0xff;
      this.#listener.changed(cell, index, chunk);
    }
    for (const entity of blocksEntities) this.#take(cell, entity);
    this.#takeTurns(cell, blocksTurns);
  }

  /** One who is not known comes from where nothing is watched, and with a record. */
  #takeTurns(cell: number, rows: readonly number[]): void {
    const turn = this.#turn;
    const left = (cell % this.#columns) * CHUNK;
    const top = Math.floor(cell / this.#columns) * CHUNK;
    let id = 0;
    for (let row = 0; row + 1 < rows.length; row += 2) {
      const step = rows[row] ?? 0;
      id = (id + ((step >>> 1) ^ -(step & 1))) >>> 0;
      const entity = this.entities.get(id);
      if (entity === undefined) continue;
      unpackTurn(rows[row + 1] ?? 0, turn);
      entity.cell = cell;
      entity.x = left + turn.x;
      entity.y = top + turn.y;
      entity.vx = this.#gaits.vx(entity.kind, turn);
      entity.vy = this.#gaits.vy(entity.kind, turn);
      entity.tick = this.#tick - turn.age;
      entity.facing = turn.facing;
      this.#told.add(id);
      this.#listener.told(entity, false);
    }
  }

  /** Those of keyframes are told of as well, and are no longer where they were. */
  #noteTold({ cell, blocksEntities }: Cell): void {
    for (const { id } of blocksEntities) {
      const entity = this.entities.get(id);
      if (entity !== undefined) entity.cell = cell;
      this.#told.add(id);
    }
  }

  #forgetGone({ gone }: Cell): void {
    for (const id of gone) {
      const entity = this.entities.get(id);
      if (entity !== undefined && !this.#told.has(id)) this.#forget(entity);
    }
  }

  #check({ cell, stateHash, keyframe }: Cell): void {
    if (stateHash === 0 || !this.chunks.has(cell)) return;
    this.checks += 1;
    if (this.hashOf(cell) === stateHash) return;
    this.mismatches += 1;
    if (!keyframe) this.wrongCells.push(cell);
  }

  #load({ cell, blocksChunk, blocksEntities }: Cell): void {
    const chunk = this.chunks.get(cell) ?? createChunkContent();
    if (blocksChunk === undefined) throw new WireError(`cannot load chunk ${cell}: it is missing`);
    readBlocksChunk(blocksChunk, chunk);
    this.chunks.set(cell, chunk);
    const here = new Set(blocksEntities.map(({ id }) => id));
    for (const entity of this.entities.values()) {
      if (entity.cell === cell && !here.has(entity.id)) this.#forget(entity);
    }
    for (const entity of blocksEntities) this.#take(cell, entity);
    this.#listener.loaded(cell, chunk);
  }

  #take(cell: number, record: Plain<BlocksEntity>): void {
    const known = this.entities.get(record.id);
    this.#told.add(record.id);
    const entity = known ?? { id: record.id, ...NOTHING, cell };
    entity.cell = cell;
    entity.kind = record.kind;
    entity.x = record.x;
    entity.y = record.y;
    entity.vx = record.vx;
    entity.vy = record.vy;
    entity.tick = this.#tick - record.age;
    entity.wounds = record.wounds;
    entity.facing = record.facing;
    entity.state = record.state;
    entity.item = record.item;
    entity.count = record.count;
    if (record.name !== "") entity.name = record.name;
    if (record.home !== "") entity.home = record.home;
    this.entities.set(entity.id, entity);
    this.#listener.told(entity, known === undefined);
  }

  #forget(entity: KnownBlocksEntity): void {
    this.entities.delete(entity.id);
    this.#listener.forgotten(entity);
  }
}

const NOTHING = {
  kind: 0,
  x: 0,
  y: 0,
  vx: 0,
  vy: 0,
  tick: 0,
  wounds: 0,
  facing: 0,
  state: 0,
  item: 0,
  count: 0,
  name: "",
  home: "",
};
