import {
  type ChunkContent,
  writeBlocksChunk,
  writeBlocksMetadata,
} from "#shared/net/blocks-chunk-codec.ts";
import { hashBlocksChunk, hashBlocksEntity } from "#shared/net/blocks-state-hash.ts";
import { type CellBytes, WINDOWS_MAX } from "#shared/net/cell-bytes.ts";
import { WireWriter } from "#shared/net/wire-writer.ts";
import type { WantedCells } from "../wanted-cells.ts";
import type { BlocksEvents } from "./blocks-events.ts";
import type { CellNews } from "./cell-news.ts";
import { blockAt, type HeldBlocks } from "./held-blocks.ts";
import type { ToldRecords } from "./told-records.ts";

/** Each chunk proves itself to its watchers by its hash once in so many seconds. */
const PROOF_SECONDS = 30;
/** Encoded chunks that are kept for the next who comes; at the bound the oldest goes. */
const CHUNKS_KEPT_MAX = 8_192;

/** Field numbers of Cell and of BlocksEntity. */
const CELL_STATE_HASH = 6;
const CELL_CHUNK = 7;
const CELL_CHANGES = 8;
const CELL_METADATA = 9;
const CELL_ENTITIES = 10;
const ENTITY = {
  id: 1,
  kind: 2,
  x: 3,
  y: 4,
  vx: 5,
  vy: 6,
  age: 7,
  wounds: 8,
  facing: 9,
  state: 10,
  item: 11,
  count: 12,
  name: 13,
  home: 14,
} as const;

export interface BlocksEncoderOptions {
  readonly tickRate: number;
  readonly cells: number;
  /** Who lives here, and who is only shown here. */
  readonly tables: readonly ToldRecords[];
  readonly held: HeldBlocks;
  readonly events: BlocksEvents;
  readonly news: CellNews;
  /** A chunk of the world, and the tick in which it changed last. */
  readonly chunkOf: (cell: number) => ChunkContent & { readonly changedTick: number };
}

/** Encodes chunks and who is in them, each once for all who watch it. */
export class BlocksEncoder {
  readonly #options: BlocksEncoderOptions;
  readonly #proofTicks: number;
  /** By cell, the tick after which a client asked for its keyframe; 0: none did. */
  readonly #healAfter: Uint32Array;
  #tick = 0;
  #since = 0;
  #ticks = 0;
  readonly #changes = new Map<number, boolean>();
  /** Chunks as they were encoded last, with the tick of their last change then. */
  readonly #kept = new Map<number, { changedTick: number; bytes: Uint8Array }>();
  readonly #writer = new WireWriter();
  /** Of the open cell, for each table: rows with a new record. */
  readonly #fresh: readonly { readonly told: ToldRecords; readonly rows: number[] }[];

  constructor(options: BlocksEncoderOptions) {
    this.#options = options;
    this.#proofTicks = PROOF_SECONDS * options.tickRate;
    this.#healAfter = new Uint32Array(options.cells);
    this.#fresh = options.tables.map((told) => ({ told, rows: [] }));
  }

  /** Everyone who watches the cell gets its keyframe with the next frame, once a second at most. */
  heal(cell: number, tick: number): void {
    const healed = this.#healAfter[cell] ?? 0;
    if (healed === 0 || tick - healed >= this.#options.tickRate) this.#healAfter[cell] = tick;
  }

  /** Encodes what is wanted at the end of a tick; a window is so many times `intervalTicks`. */
  encode(
    into: CellBytes,
    wanted: WantedCells,
    { tick, intervalTicks }: { tick: number; intervalTicks: number },
  ): void {
    this.#tick = tick;
    for (let window = 1; window <= WINDOWS_MAX; window++) {
      if (!wanted.hasWindow(window)) continue;
      this.#openWindow(window * intervalTicks);
      into.beginWindow(window);
      for (let index = 0; index < wanted.count; index++) {
        const cell = wanted.at(index);
        if (!wanted.wantsWindow(cell, window)) continue;
        const healing = this.#isHealing(cell);
        if (healing) wanted.addKeyframe(cell);
        this.#encodeCell(into, cell, healing);
      }
    }
    if (!wanted.hasKeyframes) return;
    into.beginKeyframes();
    for (let index = 0; index < wanted.count; index++) {
      const cell = wanted.at(index);
      if (wanted.wantsKeyframe(cell)) this.#encodeKeyframe(into, cell);
    }
  }

  #openWindow(ticks: number): void {
    const { tables, held, events } = this.#options;
    this.#since = Math.max(0, this.#tick - ticks);
    this.#ticks = ticks;
    for (const told of tables) told.openWindow(this.#since);
    held.openWindow(this.#since);
    events.openWindow(this.#since);
  }

  #isHealing(cell: number): boolean {
    const healAfter = this.#healAfter[cell] ?? 0;
    if (healAfter !== 0 && healAfter >= this.#since) return true;
    return this.#options.held.lostTick > this.#since;
  }

  /** Whether the cell's turn to prove itself is within the window; neighbours' are far apart. */
  #isProving(cell: number): boolean {
    const turn = (Math.imul(cell, 0x9e3779b1) >>> 0) % this.#proofTicks;
    return (this.#tick + turn) % this.#proofTicks < this.#ticks;
  }

  #encodeCell(into: CellBytes, cell: number, healing: boolean): void {
    const { held, events, news } = this.#options;
    const proves = !healing && this.#isProving(cell);
    if (!healing && !proves && !news.hasAfter(cell, this.#since)) return;
    const hasNews = this.#findFresh(cell) || held.hasChanges(cell);
    const hasEvents = events.first(cell) >= 0;
    into.open(cell);
    into.endMoves();
    if (hasNews || hasEvents || proves) {
      into.beginDelta();
      this.#writeGone(into, cell);
      if (proves) into.writer.fixed32(CELL_STATE_HASH, this.#hashOf(cell));
      this.#writeChanges(into.writer, cell);
      for (const { told, rows } of this.#fresh) {
        for (const row of rows) {
          const isNew = (told.cameTick[row] ?? 0) > this.#since;
          this.#writeEntity(into.writer, { told, row, whole: isNew });
        }
      }
      events.write(cell, into.writer);
      into.endDelta();
    }
    into.close(healing);
  }

  /** Finds who has a new record; true when there is one, or somebody went. */
  #findFresh(cell: number): boolean {
    let isAny = false;
    for (const { told, rows } of this.#fresh) {
      const { members } = told;
      rows.length = 0;
      for (let node = members.first(cell); node >= 0; node = members.next(node)) {
        const row = members.value(node);
        if ((told.toldTick[row] ?? 0) > this.#since) rows.push(row);
      }
      if (rows.length > 0 || told.gone.first(cell) >= 0) isAny = true;
    }
    return isAny;
  }

  #writeGone(into: CellBytes, cell: number): void {
    const { tables } = this.#options;
    if (!tables.some(({ gone }) => gone.first(cell) >= 0)) return;
    const start = into.beginGone();
    for (const { gone } of tables) {
      for (let node = gone.first(cell); node >= 0; node = gone.next(node)) {
        into.writer.packed(gone.value(node));
      }
    }
    into.writer.end(start);
  }

  #writeChanges(writer: WireWriter, cell: number): void {
    const { held } = this.#options;
    if (!held.hasChanges(cell)) return;
    held.changesOf(cell, this.#changes);
    const chunk = this.#shownOf(cell);
    const start = writer.begin(CELL_CHANGES);
    for (const index of this.#changes.keys()) {
      writer.packed(index);
      writer.packed(blockAt(chunk, index));
    }
    writer.end(start);
    for (const [index, hadData] of this.#changes) {
      const data = chunk.data.get(index);
      if (!hadData && data === undefined) continue;
      writeBlocksMetadata(writer, CELL_METADATA, { index, data });
    }
  }

  #encodeKeyframe(into: CellBytes, cell: number): void {
    into.beginKeyframe(cell);
    const start = into.writer.begin(CELL_CHUNK);
    into.writer.append(this.#chunkBytes(cell));
    into.writer.end(start);
    for (const told of this.#options.tables) {
      const { members } = told;
      for (let node = members.first(cell); node >= 0; node = members.next(node)) {
        this.#writeEntity(into.writer, { told, row: members.value(node), whole: true });
      }
    }
    into.endKeyframe(this.#hashOf(cell));
  }

  /** Encoded once for each change of the chunk, as long as it is kept. */
  #chunkBytes(cell: number): Uint8Array {
    const { held, chunkOf } = this.#options;
    const chunk = chunkOf(cell);
    const kept = this.#kept.get(cell);
    if (kept?.changedTick === chunk.changedTick && !held.isHeld(cell)) return kept.bytes;
    this.#writer.reset();
    writeBlocksChunk(this.#writer, held.shownOf(cell, chunk));
    const bytes = this.#writer.view().slice();
    this.#kept.delete(cell);
    if (held.isHeld(cell)) return bytes;
    if (this.#kept.size >= CHUNKS_KEPT_MAX) {
      for (const oldest of this.#kept.keys()) {
        this.#kept.delete(oldest);
        break;
      }
    }
    this.#kept.set(cell, { changedTick: chunk.changedTick, bytes });
    return bytes;
  }

  #writeEntity(
    writer: WireWriter,
    { told, row, whole }: { told: ToldRecords; row: number; whole: boolean },
  ): void {
    const start = writer.begin(CELL_ENTITIES);
    writer.uint32(ENTITY.id, told.ids[row] ?? 0);
    writer.uint32(ENTITY.kind, told.kinds[row] ?? 0);
    writer.uint32(ENTITY.x, told.x[row] ?? 0);
    writer.uint32(ENTITY.y, told.y[row] ?? 0);
    writer.sint32(ENTITY.vx, told.vx[row] ?? 0);
    writer.sint32(ENTITY.vy, told.vy[row] ?? 0);
    writer.uint32(ENTITY.age, this.#tick - (told.at[row] ?? 0));
    writer.uint32(ENTITY.wounds, told.wounds[row] ?? 0);
    writer.uint32(ENTITY.facing, told.facings[row] ?? 0);
    writer.uint32(ENTITY.state, told.states[row] ?? 0);
    writer.uint32(ENTITY.item, told.items[row] ?? 0);
    writer.uint32(ENTITY.count, told.counts[row] ?? 0);
    if (whole) {
      writer.string(ENTITY.name, told.nameOf(row));
      writer.string(ENTITY.home, told.homeOf(row));
    }
    writer.end(start);
  }

  #shownOf(cell: number): ChunkContent {
    return this.#options.held.shownOf(cell, this.#options.chunkOf(cell));
  }

  #hashOf(cell: number): number {
    let hash = hashBlocksChunk(this.#shownOf(cell));
    for (const told of this.#options.tables) {
      const { members } = told;
      for (let node = members.first(cell); node >= 0; node = members.next(node)) {
        hash = (hash + hashOfRecord(told, members.value(node))) >>> 0;
      }
    }
    return hash;
  }
}

function hashOfRecord(told: ToldRecords, row: number): number {
  return hashBlocksEntity({
    id: told.ids[row] ?? 0,
    kind: told.kinds[row] ?? 0,
    x: told.x[row] ?? 0,
    y: told.y[row] ?? 0,
    vx: told.vx[row] ?? 0,
    vy: told.vy[row] ?? 0,
    tick: told.at[row] ?? 0,
    wounds: told.wounds[row] ?? 0,
    facing: told.facings[row] ?? 0,
    state: told.states[row] ?? 0,
    item: told.items[row] ?? 0,
    count: told.counts[row] ?? 0,
  });
}
