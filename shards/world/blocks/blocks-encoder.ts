import { type ChunkContent, writeBlocksChunk } from "#shared/net/blocks-chunk-codec.ts";
import { hashBlocksChunk } from "#shared/net/blocks-state-hash.ts";
import { type CellBytes, WINDOWS_MAX } from "#shared/net/cell-bytes.ts";
import { WireWriter } from "#shared/net/wire-writer.ts";
import type { WantedCells } from "../wanted-cells.ts";
import type { BlocksEvents } from "./blocks-events.ts";
import type { CellNews } from "./cell-news.ts";
import { CellRecords } from "./cell-records.ts";
import { blockAt, type HeldBlocks } from "./held-blocks.ts";
import type { ToldRecords } from "./told-records.ts";

/** Each chunk proves itself to its watchers by its hash once in so many seconds. */
const PROOF_SECONDS = 30;
/** Encoded chunks that are kept for the next who comes; at the bound the oldest goes. */
const CHUNKS_KEPT_MAX = 8_192;

/** Field numbers of Cell. */
const CELL_STATE_HASH = 6;
const CELL_CHUNK = 7;
const CELL_CHANGES = 8;

export interface BlocksEncoderOptions {
  readonly tickRate: number;
  /** Chunks beside each other, and below each other. */
  readonly columns: number;
  readonly rows: number;
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
  readonly #changes = new Set<number>();
  /** Chunks as they were encoded last, with the tick of their last change then. */
  readonly #kept = new Map<number, { changedTick: number; bytes: Uint8Array }>();
  readonly #writer = new WireWriter();
  readonly #records: CellRecords;

  constructor(options: BlocksEncoderOptions) {
    this.#options = options;
    this.#proofTicks = PROOF_SECONDS * options.tickRate;
    this.#healAfter = new Uint32Array(options.columns * options.rows);
    this.#records = new CellRecords(options.tables, options.columns);
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
    this.#records.begin(tick);
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
    const { held, events } = this.#options;
    this.#since = Math.max(0, this.#tick - ticks);
    this.#ticks = ticks;
    this.#records.openWindow(this.#since);
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
    const records = this.#records;
    const proves = !healing && this.#isProving(cell);
    if (!healing && !proves && !news.hasAfter(cell, this.#since)) return;
    const hasNews = records.find(cell) || held.hasChanges(cell);
    const hasEvents = events.first(cell) >= 0;
    into.open(cell);
    into.endMoves();
    if (hasNews || hasEvents || proves) {
      into.beginDelta();
      records.writeGone(into);
      if (proves) into.writer.fixed32(CELL_STATE_HASH, this.#hashOf(cell));
      this.#writeChanges(into.writer, cell);
      records.writeChanged(into.writer);
      events.write(cell, into.writer);
      records.writeTurned(into.writer);
      into.endDelta();
    }
    records.writeArrivals(into);
    into.close(healing);
  }

  #writeChanges(writer: WireWriter, cell: number): void {
    const { held } = this.#options;
    if (!held.hasChanges(cell)) return;
    held.changesOf(cell, this.#changes);
    const chunk = this.#shownOf(cell);
    const start = writer.begin(CELL_CHANGES);
    for (const index of this.#changes) {
      writer.packed(index);
      writer.packed(blockAt(chunk, index));
    }
    writer.end(start);
  }

  #encodeKeyframe(into: CellBytes, cell: number): void {
    into.beginKeyframe(cell);
    const start = into.writer.begin(CELL_CHUNK);
    into.writer.append(this.#chunkBytes(cell));
    into.writer.end(start);
    this.#records.writeAll(into.writer, cell);
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

  #shownOf(cell: number): ChunkContent {
    return this.#options.held.shownOf(cell, this.#options.chunkOf(cell));
  }

  #hashOf(cell: number): number {
    return (hashBlocksChunk(this.#shownOf(cell)) + this.#records.hashOf(cell)) >>> 0;
  }
}
