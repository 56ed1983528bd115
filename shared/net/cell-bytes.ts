// What the cells of one send tick have to tell, each cell encoded once for all who watch it, and a
// directory by which whoever puts a client's frame together finds the pieces. Directory and bytes
// are plain numbers, so that they can lie in memory that threads share.
//
// How far back a cell must tell depends on the client's last frame: a window is a number of send
// intervals, from 1 to WINDOWS_MAX. The directory, in words:
//
//   0 .. 7        where the index of window 1 .. 8 begins; 0: no client has that window
//   8             where the index of keyframes begins; 0: no client needs one
//   index         a word for each cell of the grid: where its entry begins; 0: nothing to tell
//   entry         flags, start, movesEnd, deltaEnd, and with arrivals 8 more ends, one for each
//                 direction; each is a position in the bytes
//   keyframe      start, end
//
//   bytes:  start    movesEnd   deltaEnd   end 0   end 1     end 7
//           | moves  | delta    | from NW  | from N | ... SE |
//
// `moves` are rows of Tick.arena_moves without a tag, since those of all cells form one field; all
// else are whole fields Tick.cells, ready to be appended.
import { WireWriter } from "./wire-writer.ts";

/** Longest window, in send intervals. */
export const WINDOWS_MAX = 8;

/** Where the directory names the index of the keyframes. */
export const KEYFRAME_INDEX = WINDOWS_MAX;
const HEADER_WORDS = WINDOWS_MAX + 1;

/** Words of an entry. */
export const ENTRY_FLAGS = 0;
export const ENTRY_START = 1;
export const ENTRY_MOVES_END = 2;
export const ENTRY_DELTA_END = 3;
/** Ends of the arrivals, each of which begins where the one before it ends. */
export const ENTRY_ARRIVALS = 4;

/** Directions that somebody may come from: a bit of the flags each, in rows from the north-west. */
export const DIRECTIONS = 8;
/** Bits of the directions beyond each side of a cell. */
export const FROM_WEST = 0b0010_1001;
export const FROM_EAST = 0b1001_0100;
export const FROM_NORTH = 0b0000_0111;
export const FROM_SOUTH = 0b1110_0000;
/** Flag: the cell's keyframe goes along, to prove and to mend what is known of it. */
export const FLAG_HEALING = 1 << DIRECTIONS;

/** Most words of the directory of a grid with so many cells. */
export function spansLengthMax(cells: number): number {
  const entry = ENTRY_ARRIVALS + DIRECTIONS;
  const keyframe = 2;
  return HEADER_WORDS + cells * (WINDOWS_MAX * (1 + entry) + 1 + keyframe);
}

/** Field numbers of Tick.cells and of Cell's own fields. */
const TICK_CELLS = 3;
const CELL_NUMBER = 1;
const CELL_KEYFRAME = 2;
const CELL_GONE = 3;
const CELL_STATE_HASH = 6;

/** Number of the direction in which a neighbour lies; `dx` and `dy` are -1, 0 or 1, not both 0. */
export function directionTo(dx: number, dy: number): number {
  const place = (dy + 1) * 3 + dx + 1;
  return place > 4 ? place - 1 : place;
}

/**
 * Writes the cells of a send tick. For a window: `beginWindow`, then for each cell `open`, rows of
 * moves, `endMoves`, if need be a delta and arrivals, `close`.
 */
export class CellBytes {
  readonly writer: WireWriter;
  readonly #cells: number;
  #spans: Uint32Array<ArrayBuffer>;
  #length = HEADER_WORDS;
  /** Index of the open window. */
  #index = 0;
  /** The open cell and its entry. */
  #cell = 0;
  readonly #entry = new Uint32Array(ENTRY_ARRIVALS + DIRECTIONS);
  #message = 0;
  #keyframeStart = 0;

  constructor(cells: number, writer = new WireWriter(64 * 1_024)) {
    this.#cells = cells;
    this.writer = writer;
    this.#spans = new Uint32Array(HEADER_WORDS + 4 * cells);
  }

  /** Forgets all but what is in the writer, which may have other users. */
  reset(): void {
    this.#spans.fill(0, 0, HEADER_WORDS);
    this.#length = HEADER_WORDS;
  }

  /** The directory: a view that the next reset makes void. */
  get spans(): Uint32Array<ArrayBuffer> {
    return this.#spans.subarray(0, this.#length);
  }

  /** Starts the cells of a window of 1 to WINDOWS_MAX send intervals. */
  beginWindow(window: number): void {
    this.#index = this.#beginIndex(window - 1);
  }

  /** Opens a cell in the window. */
  open(cell: number): void {
    this.#cell = cell;
    this.#entry[ENTRY_FLAGS] = 0;
    this.#entry[ENTRY_START] = this.writer.length;
  }

  /** After the last row of moves. */
  endMoves(): void {
    this.#endFrom(ENTRY_MOVES_END);
  }

  /** Opens the cell's delta; then who is gone, the world's entities and events, `endDelta`. */
  beginDelta(): void {
    this.#beginMessage(this.#cell);
  }

  /** Opens the ids of who left the cell; then values, then the writer's `end` with the result. */
  beginGone(): number {
    return this.writer.begin(CELL_GONE);
  }

  endDelta(): void {
    this.writer.end(this.#message);
    this.#endFrom(ENTRY_DELTA_END);
  }

  /** Opens what came from a direction, in ascending order; then entities, then `endArrivals`. */
  beginArrivals(direction: number): void {
    this.#entry[ENTRY_FLAGS] = (this.#entry[ENTRY_FLAGS] ?? 0) | (1 << direction);
    this.#beginMessage(this.#cell);
  }

  endArrivals(direction: number): void {
    this.writer.end(this.#message);
    this.#endFrom(ENTRY_ARRIVALS + direction);
  }

  /** Closes the cell; one that has nothing to tell leaves no trace. */
  close(healing: boolean): void {
    const entry = this.#entry;
    const start = entry[ENTRY_START] ?? 0;
    const end = this.writer.length;
    if (end === start && !healing) return;
    const directions = entry[ENTRY_FLAGS] ?? 0;
    if (healing) entry[ENTRY_FLAGS] = directions | FLAG_HEALING;
    const words = directions === 0 ? ENTRY_ARRIVALS : entry.length;
    const at = this.#take(words);
    for (let word = 0; word < words; word++) this.#spans[at + word] = entry[word] ?? 0;
    this.#spans[this.#index + this.#cell] = at;
  }

  /** Starts the keyframes, after all windows. */
  beginKeyframes(): void {
    this.#index = this.#beginIndex(KEYFRAME_INDEX);
  }

  /** Opens a cell's keyframe; then the world's entities, then `endKeyframe`. */
  beginKeyframe(cell: number): void {
    this.#cell = cell;
    this.#keyframeStart = this.writer.length;
    this.#beginMessage(cell);
    this.writer.bool(CELL_KEYFRAME, true);
  }

  endKeyframe(stateHash: number): void {
    this.writer.fixed32(CELL_STATE_HASH, stateHash);
    this.writer.end(this.#message);
    const at = this.#take(2);
    this.#spans[at] = this.#keyframeStart;
    this.#spans[at + 1] = this.writer.length;
    this.#spans[this.#index + this.#cell] = at;
  }

  #beginMessage(cell: number): void {
    this.#message = this.writer.begin(TICK_CELLS);
    this.writer.uint32(CELL_NUMBER, cell);
  }

  /** What comes after this part of the entry is empty until something is written. */
  #endFrom(word: number): void {
    const entry = this.#entry;
    const end = this.writer.length;
    for (let next = word; next < entry.length; next++) entry[next] = end;
  }

  #beginIndex(header: number): number {
    const at = this.#take(this.#cells);
    this.#spans.fill(0, at, at + this.#cells);
    this.#spans[header] = at;
    return at;
  }

  #take(words: number): number {
    const at = this.#length;
    this.#length += words;
    if (this.#length > this.#spans.length) {
      const larger = new Uint32Array(Math.max(this.#length, this.#spans.length * 2));
      larger.set(this.#spans.subarray(0, at));
      this.#spans = larger;
    }
    return at;
  }
}
