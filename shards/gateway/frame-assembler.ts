import {
  DIRECTIONS,
  ENTRY_ARRIVALS,
  ENTRY_DELTA_END,
  ENTRY_FLAGS,
  ENTRY_MOVES_END,
  ENTRY_START,
  FLAG_HEALING,
  FROM_EAST,
  FROM_NORTH,
  FROM_SOUTH,
  FROM_WEST,
  KEYFRAME_INDEX,
} from "#shared/net/cell-bytes.ts";
import { emptyRect, rectContains } from "../loop/interest.ts";
import {
  type PublicationView,
  SEND_ACK_END,
  SEND_ACK_START,
  SEND_BEFORE,
  SEND_NOW,
  SEND_WINDOW,
  SEND_WORDS,
} from "../loop/publication.ts";

/** Tags of ServerFrame.tick and of the fields of Tick, each one byte: number << 3 | wire type. */
const FRAME_TICK = (2 << 3) | 2;
const TICK_NUMBER = 1 << 3;
const TICK_GONE_CELLS = (4 << 3) | 2;
const TICK_RESET = 5 << 3;
const TICK_MOVES = (6 << 3) | 2;

/** Room in front of a frame for its tag and its length, which are known last. */
const HEAD_BYTES = 6;
/** Most bytes of a tag and a varint. */
const FIELD_BYTES_MAX = 6;
/** What is longer is copied by the runtime, whose call costs as much as copying this many bytes. */
const LOOP_BYTES_MAX = 128;

/**
 * Puts a client's tick frame together: its own ack and the bytes of each cell that it watches. The
 * result is a view that the next call makes void.
 */
export class FrameAssembler {
  #bytes = new Uint8Array(32 * 1_024);
  #end = 0;
  readonly #before = emptyRect();
  readonly #now = emptyRect();
  /** Cells watched before and now: what comes into them from elsewhere is new to the client. */
  readonly #known = emptyRect();
  /** Start and end of each known cell's moves, which come last in the frame. */
  #moves = new Uint32Array(128);
  #movesCount = 0;
  #movesBytes = 0;

  assemble(view: PublicationView, index: number): Uint8Array<ArrayBuffer> {
    const { sends } = view;
    const at = index * SEND_WORDS;
    const window = sends[at + SEND_WINDOW] ?? 0;
    this.#begin(sends, at);
    this.#uint32(TICK_NUMBER, view.tick);
    this.#copy(view.bytes, sends[at + SEND_ACK_START] ?? 0, sends[at + SEND_ACK_END] ?? 0);
    const isSteady = this.#isSteady();
    // New cells first: who went there must not be counted where a healing cell is compared.
    if (!isSteady) this.#appendKeyframes(view);
    if (window > 0) this.#appendKnown(view, view.spans[window - 1] ?? 0);
    if (!isSteady) this.#appendGoneCells(view.columns);
    if (window === 0) this.#uint32(TICK_RESET, 1);
    if (this.#movesCount > 0) this.#appendMoves(view.bytes);
    return this.#finish();
  }

  #begin(sends: Int32Array, at: number): void {
    const before = this.#before;
    const now = this.#now;
    const known = this.#known;
    before.left = sends[at + SEND_BEFORE] ?? 0;
    before.top = sends[at + SEND_BEFORE + 1] ?? 0;
    before.right = sends[at + SEND_BEFORE + 2] ?? 0;
    before.bottom = sends[at + SEND_BEFORE + 3] ?? 0;
    now.left = sends[at + SEND_NOW] ?? 0;
    now.top = sends[at + SEND_NOW + 1] ?? 0;
    now.right = sends[at + SEND_NOW + 2] ?? 0;
    now.bottom = sends[at + SEND_NOW + 3] ?? 0;
    known.left = Math.max(before.left, now.left);
    known.top = Math.max(before.top, now.top);
    known.right = Math.min(before.right, now.right);
    known.bottom = Math.min(before.bottom, now.bottom);
    this.#end = HEAD_BYTES;
    this.#movesCount = 0;
    this.#movesBytes = 0;
  }

  /** Whether exactly the same cells are watched as before. */
  #isSteady(): boolean {
    const { left, top, right, bottom } = this.#before;
    const now = this.#now;
    return left === now.left && top === now.top && right === now.right && bottom === now.bottom;
  }

  /** What is new in the known cells, given where the index of the client's window begins. */
  #appendKnown(view: PublicationView, indexStart: number): void {
    const { left, top, right, bottom } = this.#known;
    const { spans, columns } = view;
    if (indexStart === 0) return;
    for (let row = top; row < bottom; row++) {
      const north = row === top ? FROM_NORTH : 0;
      const beyondRow = row === bottom - 1 ? north | FROM_SOUTH : north;
      for (let column = left; column < right; column++) {
        const cell = row * columns + column;
        const entry = spans[indexStart + cell] ?? 0;
        if (entry === 0) continue;
        this.#appendChanges(view, entry);
        const flags = spans[entry + ENTRY_FLAGS] ?? 0;
        if (flags === 0) continue;
        const west = column === left ? FROM_WEST : 0;
        const beyond = beyondRow | (column === right - 1 ? west | FROM_EAST : west);
        if ((flags & beyond) !== 0) this.#appendArrivals(view, entry, flags & beyond);
        if ((flags & FLAG_HEALING) !== 0) this.#appendKeyframe(view, cell);
      }
    }
  }

  #appendChanges({ spans, bytes }: PublicationView, entry: number): void {
    const start = spans[entry + ENTRY_START] ?? 0;
    const movesEnd = spans[entry + ENTRY_MOVES_END] ?? 0;
    if (movesEnd > start) this.#noteMoves(start, movesEnd);
    this.#copy(bytes, movesEnd, spans[entry + ENTRY_DELTA_END] ?? 0);
  }

  #appendArrivals({ spans, bytes }: PublicationView, entry: number, directions: number): void {
    for (let direction = 0; direction < DIRECTIONS; direction++) {
      if ((directions & (1 << direction)) === 0) continue;
      const end = entry + ENTRY_ARRIVALS + direction;
      this.#copy(bytes, spans[end - 1] ?? 0, spans[end] ?? 0);
    }
  }

  #appendKeyframes(view: PublicationView): void {
    const { left, top, right, bottom } = this.#now;
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        if (rectContains(this.#known, column, row)) continue;
        this.#appendKeyframe(view, row * view.columns + column);
      }
    }
  }

  #appendKeyframe({ spans, bytes }: PublicationView, cell: number): void {
    const at = spans[(spans[KEYFRAME_INDEX] ?? 0) + cell] ?? 0;
    this.#copy(bytes, spans[at] ?? 0, spans[at + 1] ?? 0);
  }

  #appendGoneCells(columns: number): void {
    const { left, top, right, bottom } = this.#before;
    let size = 0;
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        if (!rectContains(this.#known, column, row)) size += varintSize(row * columns + column);
      }
    }
    if (size === 0) return;
    this.#uint32(TICK_GONE_CELLS, size);
    this.#reserve(size);
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        if (!rectContains(this.#known, column, row)) this.#varint(row * columns + column);
      }
    }
  }

  #noteMoves(start: number, end: number): void {
    const at = this.#movesCount * 2;
    if (at === this.#moves.length) {
      const larger = new Uint32Array(this.#moves.length * 2);
      larger.set(this.#moves);
      this.#moves = larger;
    }
    this.#moves[at] = start;
    this.#moves[at + 1] = end;
    this.#movesCount += 1;
    this.#movesBytes += end - start;
  }

  #appendMoves(bytes: Uint8Array): void {
    const moves = this.#moves;
    this.#uint32(TICK_MOVES, this.#movesBytes);
    for (let index = 0; index < this.#movesCount * 2; index += 2) {
      this.#copy(bytes, moves[index] ?? 0, moves[index + 1] ?? 0);
    }
  }

  /** Puts tag and length in front. */
  #finish(): Uint8Array<ArrayBuffer> {
    const end = this.#end;
    const length = end - HEAD_BYTES;
    const start = HEAD_BYTES - 1 - varintSize(length);
    this.#end = start + 1;
    this.#varint(length);
    this.#bytes[start] = FRAME_TICK;
    return this.#bytes.subarray(start, end);
  }

  /** A field of type uint32, or the tag and the length of one that follows. */
  #uint32(tag: number, value: number): void {
    this.#reserve(FIELD_BYTES_MAX);
    this.#bytes[this.#end++] = tag;
    this.#varint(value);
  }

  #varint(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#end++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#end++] = rest;
  }

  #copy(from: Uint8Array, start: number, end: number): void {
    if (end <= start) return;
    this.#reserve(end - start);
    const to = this.#bytes;
    let at = this.#end;
    this.#end += end - start;
    if (end - start > LOOP_BYTES_MAX) {
      to.set(from.subarray(start, end), at);
      return;
    }
    for (let index = start; index < end; index++) to[at++] = from[index] ?? 0;
  }

  #reserve(bytes: number): void {
    const needed = this.#end + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) size += 1;
  return size;
}
