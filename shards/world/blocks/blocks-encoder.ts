import { type ChunkContent, writeBlocksChunk } from "#shared/net/blocks-chunk-codec.ts";
import { hashBlocksChunk } from "#shared/net/blocks-state-hash.ts";
import type { CellBytes } from "#shared/net/cell-bytes.ts";
import { WireWriter } from "#shared/net/wire-writer.ts";
import { AskedCells, type CellEncoder, CellTurns, encodeWanted } from "../cell-encoding.ts";
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
export class BlocksEncoder implements CellEncoder {
  readonly #options: BlocksEncoderOptions;
  readonly #proofs: CellTurns;
  readonly #asked: AskedCells;
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
    const { tickRate, columns, rows } = options;
    this.#proofs = new CellTurns(PROOF_SECONDS * tickRate);
    this.#asked = new AskedCells({ cells: columns * rows, intervalTicks: tickRate });
    this.#records = new CellRecords(options.tables, options.columns);
  }

  /** Everyone who watches the cell gets its keyframe with the next frame, once a second at most. */
  heal(cell: number, tick: number): void {
    this.#asked.ask(cell, tick);
  }

  /** Encodes what is wanted at the end of a tick; a window is so many times `intervalTicks`. */
  encode(
    into: CellBytes,
    wanted: WantedCells,
    { tick, intervalTicks }: { tick: number; intervalTicks: number },
  ): void {
    this.#tick = tick;
    this.#records.begin(tick);
    encodeWanted(this, into, { wanted, intervalTicks });
  }

  openWindow(ticks: number): void {
    const { held, events } = this.#options;
    this.#since = Math.max(0, this.#tick - ticks);
    this.#ticks = ticks;
    this.#records.openWindow(this.#since);
    held.openWindow(this.#since);
    events.openWindow(this.#since);
  }

  isHealing(cell: number): boolean {
    if (this.#asked.isAskedSince(cell, this.#since)) return true;
    return this.#options.held.lostTick > this.#since;
  }

  encodeCell(into: CellBytes, cell: number, healing: boolean): void {
    const { held, events, news } = this.#options;
    const records = this.#records;
    const proves = !healing && this.#proofs.isWithin(cell, this.#tick, this.#ticks);
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

  encodeKeyframe(into: CellBytes, cell: number): void {
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
