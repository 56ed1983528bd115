// Which blocks changed, as it may be shown.
//
// A block that was set lasts: a frame must not show what a crash could take back. So a change is
// shown once its tick is in the shard's database. Mostly that is before the tick's frames go out
// and nothing waits here; while the disk is slow, frames go ahead of it and show each block as it
// was before the first change that is not committed.
//
//   ticks      1   2   3   4      grass is dug in 2 and water put there in 3
//   world      G   D   W   W
//   committed  1   1   2   4      last committed tick when the frames of these ticks go out
//   shown      G   G   D   W
//
// What each change found is what the ones before it left: a block's shown state is what the oldest
// of its waiting changes found.
import type { ChunkContent } from "#shared/net/blocks-chunk-codec.ts";
import { CHUNK_BLOCKS, packBlock } from "#shared/net/blocks-chunk-codec.ts";
import type { BlockBefore } from "#shared/sim/index.ts";
import { CellLists } from "../cell-lists.ts";
import { TickLog } from "../tick-log.ts";
import type { CellNews } from "./cell-news.ts";

/** Changes remembered; in a greater upheaval chunks are shown anew. */
const CHANGES_MAX = 1 << 20;
/** Changes that wait for their commit; beyond it a change is shown at once. */
const WAITING_MAX = 1 << 18;

/** Words of a change, after its tick. */
const CHANGE_CHUNK = 1;
/** Index in the chunk. */
const CHANGE_INDEX = 2;

interface Waiting extends BlockBefore {
  readonly tick: number;
}

/** Tells the blocks that changed within a window, and each chunk as it may be shown. */
export class HeldBlocks {
  readonly #ticksMax: number;
  readonly #log = new TickLog(3, CHANGES_MAX);
  /** By chunk and index: changes that are not committed, the oldest first. */
  readonly #waiting = new Map<number, Map<number, Waiting[]>>();
  /** Cells in the order in which they wait. */
  #queue: { tick: number; chunk: number; index: number }[] = [];
  /** Of the open window: indices of each chunk. */
  readonly #lists: CellLists;
  /** The tick whose changes were too many to be remembered. */
  lostTick = 0;

  readonly #news: CellNews;

  /** `ticksMax` is how far a window reaches back. */
  constructor(chunks: number, ticksMax: number, news: CellNews) {
    this.#ticksMax = ticksMax;
    this.#news = news;
    this.#lists = new CellLists(chunks, 64);
  }

  /** Changes that are not committed. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** A block changed in a tick. */
  note(tick: number, cell: number, before: BlockBefore): void {
    const chunk = Math.floor(cell / CHUNK_BLOCKS);
    const index = cell - chunk * CHUNK_BLOCKS;
    if (this.#queue.length >= WAITING_MAX) {
      this.#tell(tick, { chunk, index });
      return;
    }
    this.#queue.push({ tick, chunk, index });
    const ofChunk = this.#waiting.get(chunk) ?? new Map<number, Waiting[]>();
    this.#waiting.set(chunk, ofChunk);
    const ofBlock = ofChunk.get(index) ?? [];
    ofChunk.set(index, ofBlock);
    ofBlock.push({ tick, ...before });
  }

  /** What is committed becomes visible in the frames of `tick`. */
  show(committedTick: number, tick: number): void {
    this.#log.forget(tick - this.#ticksMax);
    let shown = 0;
    for (const { tick: changed, chunk, index } of this.#queue) {
      if (changed > committedTick) break;
      shown += 1;
      const ofChunk = this.#waiting.get(chunk);
      const ofBlock = ofChunk?.get(index);
      const before = ofBlock?.shift();
      if (ofBlock?.length === 0) ofChunk?.delete(index);
      if (ofChunk?.size === 0) this.#waiting.delete(chunk);
      if (before !== undefined) this.#tell(tick, { chunk, index });
    }
    if (shown > 0) this.#queue.splice(0, shown);
  }

  /** Whether some of the chunk is shown as it was. */
  isHeld(chunk: number): boolean {
    return this.#waiting.has(chunk);
  }

  /** The chunk as it may be shown: itself, or a copy. */
  shownOf(chunk: number, content: ChunkContent): ChunkContent {
    const held = this.#waiting.get(chunk);
    if (held === undefined) return content;
    const copy = {
      ids: content.ids.slice(),
      levels: content.levels.slice(),
    };
    for (const [index, [oldest]] of held) {
      if (oldest === undefined) continue;
      copy.ids[index] = oldest.id;
      copy.levels[index] = oldest.level;
    }
    return copy;
  }

  /** Sorts by chunk what became visible after `since`. */
  openWindow(since: number): void {
    this.#lists.clear();
    for (let record = this.#log.count - 1; record >= 0; record--) {
      if (this.#log.word(record, 0) <= since) break;
      const index = this.#log.word(record, CHANGE_INDEX);
      this.#lists.add(this.#log.word(record, CHANGE_CHUNK), index);
    }
  }

  /** Whether the chunk changed in the window. */
  hasChanges(chunk: number): boolean {
    return this.#lists.first(chunk) >= 0;
  }

  /** Indices that changed in the window, each once. */
  changesOf(chunk: number, into: Set<number>): void {
    into.clear();
    for (let node = this.#lists.first(chunk); node >= 0; node = this.#lists.next(node)) {
      into.add(this.#lists.value(node));
    }
  }

  #tell(tick: number, at: { chunk: number; index: number }): void {
    this.#news.note(at.chunk, tick);
    const record = this.#log.add(tick);
    if (record === -1) {
      this.lostTick = tick;
      return;
    }
    this.#log.write(record, CHANGE_CHUNK, at.chunk);
    this.#log.write(record, CHANGE_INDEX, at.index);
  }
}

/** A block of a chunk as one number. */
export function blockAt({ ids, levels }: ChunkContent, index: number): number {
  return packBlock(ids[index] ?? 0, levels[index] ?? 0);
}
