import { CellBytes } from "#shared/net/cell-bytes.ts";
import { WireWriter } from "#shared/net/wire-writer.ts";
import type { ConnectionId } from "./connection-id.ts";
import type { CellRect } from "./interest.ts";

/**
 * What one tick sends, in plain numbers: each cell's bytes once, and for each client which of them
 * it gets. The arrays may lie in shared memory; they hold what is used and nothing more.
 */
export interface PublicationView {
  readonly tick: number;
  /** Columns of the world's grid. */
  readonly columns: number;
  /** The cells' and the acks' bytes. */
  readonly bytes: Uint8Array;
  /** The directory of the cells, see `cell-bytes.ts`. */
  readonly spans: Uint32Array;
  /** One send after the other, SEND_WORDS each. */
  readonly sends: Int32Array;
}

/** A send in words. */
export const SEND_WORDS = 12;
/** 32 bits without a sign, in a signed word. */
export const SEND_CONNECTION = 0;
/** Send intervals since the client's last frame; 0: the frame starts anew; or SEND_ACK_ALONE. */
export const SEND_WINDOW = 1;
/** No frame, but an ack between two of them. */
export const SEND_ACK_ALONE = -1;
/** Cells watched until now, as left, top, right, bottom; all equal for a frame that starts anew. */
export const SEND_BEFORE = 2;
/** Cells watched from now on. */
export const SEND_NOW = 6;
/** Of the client's Ack field in `bytes`, tag included; empty when it gets none. */
export const SEND_ACK_START = 10;
export const SEND_ACK_END = 11;

/** How many clients get a frame. */
export function countSends({ sends }: PublicationView): number {
  return sends.length / SEND_WORDS;
}

export function connectionOfSend({ sends }: PublicationView, index: number): ConnectionId {
  return (sends[index * SEND_WORDS + SEND_CONNECTION] ?? 0) >>> 0;
}

/** Whether the frame makes sense to a client that has missed others. */
export function isResetSend({ sends }: PublicationView, index: number): boolean {
  return sends[index * SEND_WORDS + SEND_WINDOW] === 0;
}

export function isAckAlone({ sends }: PublicationView, index: number): boolean {
  return sends[index * SEND_WORDS + SEND_WINDOW] === SEND_ACK_ALONE;
}

/** The client's Ack field, tag included; empty when it gets none. */
export function ackOfSend({ sends, bytes }: PublicationView, index: number): Uint8Array {
  const at = index * SEND_WORDS;
  return bytes.subarray(sends[at + SEND_ACK_START] ?? 0, sends[at + SEND_ACK_END] ?? 0);
}

/** A publication in the making; `finish` makes it one to read, until the next `reset`. */
export class Publication implements PublicationView {
  tick = 0;
  readonly columns: number;
  /** Of cells and acks. */
  readonly writer = new WireWriter(256 * 1_024);
  readonly cells: CellBytes;
  bytes = new Uint8Array(0);
  spans = new Uint32Array(0);
  sends = new Int32Array(0);
  #words = new Int32Array(256 * SEND_WORDS);
  #length = 0;

  constructor(grid: { columns: number; rows: number }) {
    this.columns = grid.columns;
    this.cells = new CellBytes(grid.columns * grid.rows, this.writer);
  }

  reset(tick: number): void {
    this.tick = tick;
    this.#length = 0;
    this.writer.reset();
    this.cells.reset();
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** Appends a send whose `before` is the rectangle as it is now. */
  begin(connection: ConnectionId, window: number, before: CellRect): void {
    const at = this.#length;
    this.#length += SEND_WORDS;
    if (this.#length > this.#words.length) this.#grow();
    this.#words[at + SEND_CONNECTION] = connection;
    this.#words[at + SEND_WINDOW] = window;
    this.#writeRect(at + SEND_BEFORE, before);
    this.#words[at + SEND_ACK_START] = this.writer.length;
  }

  /** Ends the send, after its ack was written, if it gets one. */
  end(now: CellRect): void {
    const at = this.#length - SEND_WORDS;
    this.#writeRect(at + SEND_NOW, now);
    this.#words[at + SEND_ACK_END] = this.writer.length;
  }

  finish(): void {
    this.bytes = this.writer.view();
    this.spans = this.cells.spans;
    this.sends = this.#words.subarray(0, this.#length);
  }

  #writeRect(at: number, rect: CellRect): void {
    this.#words[at] = rect.left;
    this.#words[at + 1] = rect.top;
    this.#words[at + 2] = rect.right;
    this.#words[at + 3] = rect.bottom;
  }

  #grow(): void {
    const larger = new Int32Array(this.#words.length * 2);
    larger.set(this.#words);
    this.#words = larger;
  }
}
