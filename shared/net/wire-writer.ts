import { putVarint } from "./varint.ts";

const encoder = new TextEncoder();

/** Varints are stored in whole words, which may reach beyond their end. */
const SPARE_BYTES = 8;

/** Longest text that is tried byte by byte; names are about as long. */
const PLAIN_LENGTH_MAX = 32;

/**
 * Writes protobuf's wire format straight into one reused buffer, fields in ascending order and
 * defaults left out: the same bytes as protobuf-es (a property test holds them equal).
 *
 * Wire types and varints: https://protobuf.dev/programming-guides/encoding/
 */
export class WireWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  /** The same memory. */
  #view: DataView<ArrayBuffer>;
  #length = 0;

  constructor(capacityBytes = 4_096) {
    this.#bytes = new Uint8Array(capacityBytes + SPARE_BYTES);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Bytes written since the last reset. */
  get length(): number {
    return this.#length;
  }

  reset(): void {
    this.#length = 0;
  }

  /** What was written from `start` on: a view that the next reset makes void. */
  view(start = 0, end = this.#length): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(start, end);
  }

  /** A field of type uint32, bool or enum; left out when 0. */
  uint32(field: number, value: number): void {
    if (value === 0) return;
    this.#reserve(10);
    this.#varint(field << 3);
    this.#varint(value);
  }

  bool(field: number, value: boolean): void {
    this.uint32(field, value ? 1 : 0);
  }

  /** A field of type sint32; left out when 0. */
  sint32(field: number, value: number): void {
    this.uint32(field, ((value << 1) ^ (value >> 31)) >>> 0);
  }

  /** A field of type string; left out when empty. */
  string(field: number, value: string): void {
    if (value === "") return;
    const lengthBytesMax = value.length * 3;
    this.#reserve(10 + lengthBytesMax);
    this.#varint((field << 3) | 2);
    if (this.#plain(value)) return;
    const start = this.#length;
    const { written } = encoder.encodeInto(value, this.#bytes.subarray(start + 1));
    this.#length = start + 1 + written;
    this.#closeLength(start);
  }

  /** A field of type fixed32; left out when 0. */
  fixed32(field: number, value: number): void {
    if (value === 0) return;
    this.#reserve(9);
    this.#varint((field << 3) | 5);
    for (let shift = 0; shift < 32; shift += 8) {
      this.#bytes[this.#length++] = (value >>> shift) & 0xff;
    }
  }

  /** Opens a message field; give the result to `end`. An empty message is still written. */
  begin(field: number): number {
    this.#reserve(10);
    this.#varint((field << 3) | 2);
    const start = this.#length;
    this.#length += 1;
    return start;
  }

  end(start: number): void {
    this.#reserve(4);
    this.#closeLength(start);
  }

  /** A value of a packed repeated field, between `begin` and `end`. */
  packed(value: number): void {
    this.#reserve(5);
    this.#varint(value);
  }

  /** The same for a value that may be negative, in zigzag. */
  packedSigned(value: number): void {
    this.packed(((value << 1) ^ (value >> 31)) >>> 0);
  }

  /** For code that writes many fields in one piece: the memory, from `room` on. */
  get memory(): DataView<ArrayBuffer> {
    return this.#view;
  }

  /** Where to write in `memory`, which has room for so many bytes; end with `filled`. */
  room(bytes: number): number {
    this.#reserve(bytes);
    return this.#length;
  }

  /** Written up to here. */
  filled(end: number): void {
    this.#length = end;
  }

  /** Bytes that are encoded already, tags included. */
  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** A short text of ASCII alone, length included; false, and nothing is written, for any other. */
  #plain(value: string): boolean {
    const { length } = value;
    if (length > PLAIN_LENGTH_MAX) return false;
    const start = this.#length + 1;
    for (let index = 0; index < length; index++) {
      const code = value.charCodeAt(index);
      if (code > 0x7f) return false;
      this.#bytes[start + index] = code;
    }
    this.#bytes[start - 1] = length;
    this.#length = start + length;
    return true;
  }

  /** Puts the length in front of what was written since; one byte was kept free for it. */
  #closeLength(start: number): void {
    const size = this.#length - start - 1;
    const extra = varintSize(size) - 1;
    if (extra > 0) this.#bytes.copyWithin(start + 1 + extra, start + 1, this.#length);
    // Byte by byte: what follows is written already.
    let rest = size;
    let at = start;
    for (; rest > 0x7f; rest >>>= 7) this.#bytes[at++] = (rest & 0x7f) | 0x80;
    this.#bytes[at] = rest;
    this.#length += extra;
  }

  #varint(value: number): void {
    this.#length = putVarint(this.#view, this.#length, value);
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes + SPARE_BYTES;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) size += 1;
  return size;
}
