// The frames of some ticks on their way from the loop to one gateway: a ring of a few slots, each
// holding one publication. The loop copies the cell bytes in (a tenth of a millisecond at ten
// thousand players) and goes on; the gateway sends from the slot at its own pace and gives it back.
//
// At the bound, when all slots are taken because the gateway does not keep up, nothing is written:
// the loop leaves that gateway's clients out of this tick, and what they missed is in their next
// frame. So no client is ever handed half a publication, and the loop never waits.
import { spansLengthMax } from "#shared/net/cell-bytes.ts";
import type { ConnectionId } from "../../loop/connection-id.ts";
import { type PublicationView, SEND_CONNECTION, SEND_WORDS } from "../../loop/publication.ts";

const SLOTS = 4;
/**
 * Bytes of a publication: something, for each client its ack, its record in a keyframe and its
 * record in a delta, names included, and what else each cell's keyframe takes. More is refused.
 */
const BYTES_BASE = 64 * 1_024;
const BYTES_PER_CLIENT = 192;

const HEADER_WORDS = 8;
const TICK = 0;
const BYTES = 1;
const SPANS = 2;
const SENDS = 3;

const WRITTEN = 0;
const READ = 1;

export interface SlotsShape {
  columns: number;
  /** Cells of the world's grid. */
  cells: number;
  /** Of a cell's keyframe, beside the clients in it. */
  keyframeBytes: number;
  /** Clients of one publication at most. */
  sendsMax: number;
}

/** What both ends are made of; plain data that passes to a thread. */
export interface SlotsMemory extends SlotsShape {
  positions: SharedArrayBuffer;
  slots: readonly SharedArrayBuffer[];
}

/**
 * Memory for the slots. Pages that are never written cost nothing, but every thread's garbage
 * collector takes them for live memory and waits accordingly longer: so no more than is needed.
 */
export function allocateSlots(shape: SlotsShape): SlotsMemory {
  const { cells, sendsMax, keyframeBytes } = shape;
  const words = HEADER_WORDS + spansLengthMax(cells) + sendsMax * SEND_WORDS;
  const bytesMax = BYTES_BASE + sendsMax * BYTES_PER_CLIENT + cells * keyframeBytes;
  return {
    ...shape,
    positions: new SharedArrayBuffer(8),
    slots: Array.from({ length: SLOTS }, () => new SharedArrayBuffer(words * 4 + bytesMax)),
  };
}

interface Slot {
  header: Int32Array;
  spans: Uint32Array;
  sends: Int32Array;
  bytes: Uint8Array;
}

function mapSlots({ slots, cells, sendsMax }: SlotsMemory): Slot[] {
  const spansAt = HEADER_WORDS * 4;
  const sendsAt = spansAt + spansLengthMax(cells) * 4;
  const bytesAt = sendsAt + sendsMax * SEND_WORDS * 4;
  return slots.map((memory) => ({
    header: new Int32Array(memory, 0, HEADER_WORDS),
    spans: new Uint32Array(memory, spansAt, spansLengthMax(cells)),
    sends: new Int32Array(memory, sendsAt, sendsMax * SEND_WORDS),
    bytes: new Uint8Array(memory, bytesAt),
  }));
}

/** The loop's end. */
export class SlotsWriter {
  readonly #positions: Int32Array;
  readonly #slots: Slot[];
  readonly #sendsMax: number;

  constructor(memory: SlotsMemory) {
    this.#positions = new Int32Array(memory.positions);
    this.#slots = mapSlots(memory);
    this.#sendsMax = memory.sendsMax;
  }

  /** Publications that the gateway has not finished. */
  get unfinished(): number {
    const written = Atomics.load(this.#positions, WRITTEN);
    return (written - Atomics.load(this.#positions, READ)) | 0;
  }

  /** Publications that the gateway has finished since the start, modulo 2^32. */
  get finished(): number {
    return Atomics.load(this.#positions, READ);
  }

  get hasRoom(): boolean {
    return this.unfinished < SLOTS;
  }

  /** Copies what concerns the connections that `isOurs`; false when there is no room for it. */
  write(publication: PublicationView, isOurs: (connection: ConnectionId) => boolean): boolean {
    const { bytes, spans, tick } = publication;
    const written = Atomics.load(this.#positions, WRITTEN);
    const slot = this.#slots[(written >>> 0) % SLOTS];
    if (slot === undefined || !this.hasRoom || bytes.length > slot.bytes.length) return false;
    const count = this.#copySends(publication, slot, isOurs);
    if (count < 0 || spans.length > slot.spans.length) return false;
    if (count === 0) return true;
    slot.bytes.set(bytes);
    slot.spans.set(spans);
    slot.header[TICK] = tick;
    slot.header[BYTES] = bytes.length;
    slot.header[SPANS] = spans.length;
    slot.header[SENDS] = count;
    Atomics.store(this.#positions, WRITTEN, (written + 1) | 0);
    return true;
  }

  #copySends(
    { sends }: PublicationView,
    slot: Slot,
    isOurs: (connection: ConnectionId) => boolean,
  ): number {
    let count = 0;
    for (let from = 0; from < sends.length; from += SEND_WORDS) {
      if (!isOurs((sends[from + SEND_CONNECTION] ?? 0) >>> 0)) continue;
      if (count === this.#sendsMax) return -1;
      const to = count * SEND_WORDS;
      for (let word = 0; word < SEND_WORDS; word++) slot.sends[to + word] = sends[from + word] ?? 0;
      count += 1;
    }
    return count;
  }
}

/** The gateway's end. */
export class SlotsReader {
  readonly #positions: Int32Array;
  readonly #slots: Slot[];
  readonly #columns: number;

  constructor(memory: SlotsMemory) {
    this.#positions = new Int32Array(memory.positions);
    this.#slots = mapSlots(memory);
    this.#columns = memory.columns;
  }

  /** The oldest publication that is not finished; a view that `finish` makes void. */
  peek(): PublicationView | undefined {
    const read = Atomics.load(this.#positions, READ);
    if (read === Atomics.load(this.#positions, WRITTEN)) return undefined;
    const slot = this.#slots[(read >>> 0) % SLOTS];
    if (slot === undefined) return undefined;
    const { header, bytes, spans, sends } = slot;
    return {
      tick: (header[TICK] ?? 0) >>> 0,
      columns: this.#columns,
      bytes: bytes.subarray(0, header[BYTES]),
      spans: spans.subarray(0, header[SPANS]),
      sends: sends.subarray(0, (header[SENDS] ?? 0) * SEND_WORDS),
    };
  }

  /** Gives the slot of `peek` back to the loop. */
  finish(): void {
    Atomics.add(this.#positions, READ, 1);
  }
}
