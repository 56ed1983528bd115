// The land as it is to be shown: what the shard told, and on top of it what the player builds.
//
// A block that is set or broken is shown at once, and so one walks on it. It is an edit until the
// shard has answered: refused, it goes and what the shard told is there again; done, it stays until
// the frame that tells the same, so that nothing flickers in between.

import { CHUNK_BLOCKS, type ChunkContent } from "#shared/net/blocks-chunk-codec.ts";
import {
  type BlocksParameters,
  type BlocksWorld,
  blocksLayout,
  chunkWith,
  createBlocks,
  forgetChunk,
  noteChange,
  restoreChunk,
} from "#shared/sim/index.ts";
import type {
  BlocksChunkEvent,
  BlocksChunkView,
  BlocksLandView,
  BlocksPlaceView,
  BlockView,
} from "./blocks-session-types.ts";

/** What the world's chunks are marked with: they are not as the seed makes them. */
const CHANGED = 1;
/** Edits without an answer; more are not shown before they are done. */
const EDITS_MAX = 64;

interface Edit {
  readonly cell: number;
  readonly index: number;
  readonly block: BlockView;
  /** Tick in which it was done; undefined before the answer. */
  doneTick: number | undefined;
}

interface Shown {
  readonly told: ChunkContent;
  readonly view: { -readonly [Key in keyof BlocksChunkView]: BlocksChunkView[Key] };
}

/** The chunks in sight, in a world of the rules that a prediction can walk in. */
export class Land implements BlocksLandView {
  /** Chunks that are not in sight are as the seed makes them. */
  readonly world: BlocksWorld;
  readonly #shown = new Map<number, Shown>();
  readonly #edits = new Set<Edit>();
  readonly #changed: (event: BlocksChunkEvent) => void;

  constructor(parameters: BlocksParameters, changed: (event: BlocksChunkEvent) => void) {
    this.world = createBlocks(parameters, { predicts: true, entities: 1, bags: 1 });
    this.#changed = changed;
  }

  *chunks(): Iterable<BlocksChunkView> {
    for (const { view } of this.#shown.values()) yield view;
  }

  chunk(column: number, row: number): BlocksChunkView | null {
    return this.#shown.get(row * this.world.shape.columns + column)?.view ?? null;
  }

  block(x: number, y: number, layer: number): BlockView | null {
    const at = this.#locate({ x, y, layer });
    if (at === undefined) return null;
    const { view } = at.shown;
    return { id: view.ids[at.index] ?? 0, level: view.levels[at.index] ?? 0 };
  }

  /** All of a chunk was told. */
  load(cell: number, told: ChunkContent): void {
    const { columns } = this.world.shape;
    const { ids, levels } = restoreChunk(this.world.chunks, cell, CHANGED);
    ids.set(told.ids);
    levels.set(told.levels);
    const place = { cell, column: cell % columns, row: Math.floor(cell / columns) };
    const version = (this.#shown.get(cell)?.view.version ?? 0) + 1;
    this.#shown.set(cell, { told, view: { ...place, ids, levels, version } });
    for (const edit of this.#edits) if (edit.cell === cell) this.#show(edit.cell, edit.index);
    this.#tell("loaded", cell);
  }

  /** A block was told. */
  change(cell: number, index: number): void {
    this.#show(cell, index);
  }

  unload(cell: number): void {
    if (!this.#shown.delete(cell)) return;
    forgetChunk(this.world.chunks, cell);
    this.#tell("unloaded", cell);
  }

  /** Shows a block that is not told yet; undefined when it cannot be shown. */
  edit(place: BlocksPlaceView, block: BlockView): Edit | undefined {
    const at = this.#locate(place);
    if (at === undefined || this.#edits.size >= EDITS_MAX) return undefined;
    const { cell, index } = at;
    const edit: Edit = { cell, index, block, doneTick: undefined };
    this.#edits.add(edit);
    this.#show(cell, index);
    return edit;
  }

  /** It was done in a tick: it stays until that tick is told of. */
  settle(edit: Edit, tick: number): void {
    edit.doneTick = tick;
  }

  /** It was refused, or nobody knows: what was told is shown. */
  undo(edit: Edit): void {
    if (this.#edits.delete(edit)) this.#show(edit.cell, edit.index);
  }

  /** All up to the end of that tick is told. */
  told(tick: number): void {
    for (const edit of this.#edits) {
      if (edit.doneTick !== undefined && edit.doneTick <= tick) this.undo(edit);
    }
  }

  #locate(place: BlocksPlaceView) {
    const at = blocksLayout.cellAt(this.world.shape, place);
    if (at === -1) return undefined;
    const cell = Math.floor(at / CHUNK_BLOCKS);
    const shown = this.#shown.get(cell);
    return shown === undefined ? undefined : { cell, index: at - cell * CHUNK_BLOCKS, shown };
  }

  /** The latest edit of the block, else what was told. */
  #show(cell: number, index: number): void {
    const shown = this.#shown.get(cell);
    if (shown === undefined) return;
    const { told, view } = shown;
    let id = told.ids[index] ?? 0;
    let level = told.levels[index] ?? 0;
    for (const edit of this.#edits) {
      if (edit.cell === cell && edit.index === index) ({ id, level } = edit.block);
    }
    if (view.ids[index] === id && view.levels[index] === level) return;
    view.ids[index] = id;
    view.levels[index] = level;
    view.version += 1;
    noteChange(this.world.chunks, chunkWith(this.world.chunks, cell), CHANGED);
    this.#tell("changed", cell);
  }

  #tell(type: BlocksChunkEvent["type"], cell: number): void {
    const { columns } = this.world.shape;
    this.#changed({ type, cell, column: cell % columns, row: Math.floor(cell / columns) });
  }
}

export type { Edit };
