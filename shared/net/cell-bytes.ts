import { WireWriter } from "./wire-writer.ts";

/** Field numbers of Tick.cells and of Cell's own fields. */
const TICK_CELLS = 3;
const CELL_NUMBER = 1;
const CELL_KEYFRAME = 2;
const CELL_GONE = 3;

/**
 * The cells of one send tick, each encoded once: the bytes of a Tick.cells field, tag and length
 * included, ready to be appended to the frame of every watcher.
 */
export class CellBytes {
  readonly writer = new WireWriter(64 * 1_024);
  /** Start and end of each cell's delta and keyframe in the writer; both 0 when there is none. */
  readonly #deltas: Uint32Array;
  readonly #keyframes: Uint32Array;
  /** Of the open cell. */
  #spans: Uint32Array;
  #cell = 0;
  #start = 0;
  #open = 0;
  #contentStart = 0;

  constructor(cells: number) {
    this.#deltas = new Uint32Array(cells * 2);
    this.#keyframes = new Uint32Array(cells * 2);
    this.#spans = this.#deltas;
  }

  reset(): void {
    this.writer.reset();
    this.#deltas.fill(0);
    this.#keyframes.fill(0);
  }

  /** Opens a cell; then `gone`, then the world's entities and events, then `end`. */
  begin(cell: number, keyframe: boolean): void {
    this.#spans = keyframe ? this.#keyframes : this.#deltas;
    this.#cell = cell;
    this.#start = this.writer.length;
    this.#open = this.writer.begin(TICK_CELLS);
    this.writer.uint32(CELL_NUMBER, cell);
    this.writer.bool(CELL_KEYFRAME, keyframe);
    this.#contentStart = this.writer.length;
  }

  /** Entities that left the open cell: `count` ids from `ids`. */
  gone(ids: readonly number[], count: number): void {
    if (count === 0) return;
    const start = this.writer.begin(CELL_GONE);
    for (let index = 0; index < count; index++) this.writer.packed(ids[index] ?? 0);
    this.writer.end(start);
  }

  /** Closes the cell. A delta without content is taken back; an empty keyframe says something. */
  end(): void {
    if (this.#spans === this.#deltas && this.writer.length === this.#contentStart) {
      this.writer.truncate(this.#start);
      return;
    }
    this.writer.end(this.#open);
    this.#spans[this.#cell * 2] = this.#start;
    this.#spans[this.#cell * 2 + 1] = this.writer.length;
  }

  /** The cell's delta; empty when nothing changed. */
  delta(cell: number): Uint8Array {
    return this.writer.view(this.#deltas[cell * 2], this.#deltas[cell * 2 + 1]);
  }

  keyframe(cell: number): Uint8Array {
    return this.writer.view(this.#keyframes[cell * 2], this.#keyframes[cell * 2 + 1]);
  }
}
