/** Bytes that are no message of the protocol: cut short, too long, or of another shape. */
export class WireError extends Error {
  override readonly name = "WireError";
}

/** Bytes up to this many are decoded one by one; a decoder costs more to call than they do. */
const SHORT_TEXT_BYTES = 24;

// As protobuf-es: no replacement characters, and a leading byte-order mark is text.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads protobuf's wire format in a straight line: tags, varints, nested lengths, unknown fields
 * passed over. Every read is checked against the innermost length; damage throws a `WireError`.
 *
 * Wire types and varints: https://protobuf.dev/programming-guides/encoding/
 */
export class WireReader {
  #bytes: Uint8Array = new Uint8Array(0);
  #end = 0;
  /** Of the next byte; whoever reads bytes without the reader puts it behind them. */
  position = 0;

  /** Starts over with other bytes. */
  reset(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.position = 0;
    this.#end = bytes.length;
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Where the innermost message ends. */
  get end(): number {
    return this.#end;
  }

  /** Whether the innermost message goes on. */
  get more(): boolean {
    return this.position < this.#end;
  }

  /** The next field's tag: field number << 3 | wire type. */
  tag(): number {
    const byte = this.#bytes[this.position] ?? 0;
    if (byte < 8 || byte > 0x7f || this.position >= this.#end) return this.#longTag();
    this.position += 1;
    return byte;
  }

  /** A varint's low 32 bits. */
  uint32(): number {
    const bytes = this.#bytes;
    let position = this.position;
    // Beyond the bytes there are zeros, which end it; one check at the end is enough.
    let byte = bytes[position++] ?? 0;
    let value = byte & 0x7f;
    if (byte > 0x7f) {
      byte = bytes[position++] ?? 0;
      value |= (byte & 0x7f) << 7;
      if (byte > 0x7f) {
        byte = bytes[position++] ?? 0;
        value |= (byte & 0x7f) << 14;
        if (byte > 0x7f) {
          byte = bytes[position++] ?? 0;
          value |= (byte & 0x7f) << 21;
          if (byte > 0x7f) {
            byte = bytes[position++] ?? 0;
            value |= (byte & 0x0f) << 28;
            if (byte > 0x7f) position = this.#passHighBits(position);
          }
        }
      }
    }
    if (position > this.#end) throw cutShort();
    this.position = position;
    return value >>> 0;
  }

  /** A varint of type int32 or enum. */
  int32(): number {
    return this.uint32() | 0;
  }

  sint32(): number {
    return unzigzag(this.uint32());
  }

  bool(): boolean {
    const byte = this.#bytes[this.#pass(1)] ?? 0;
    if (byte > 1) throw new WireError(`cannot read message: a bool starts with ${byte}`);
    return byte === 1;
  }

  fixed32(): number {
    const start = this.#pass(4);
    const bytes = this.#bytes;
    return (
      ((bytes[start] ?? 0) |
        ((bytes[start + 1] ?? 0) << 8) |
        ((bytes[start + 2] ?? 0) << 16) |
        ((bytes[start + 3] ?? 0) << 24)) >>>
      0
    );
  }

  /** Enters a length-delimited field; give the result to `leave`. */
  enter(): number {
    const length = this.uint32();
    const outer = this.#end;
    if (length > outer - this.position) throw cutShort();
    this.#end = this.position + length;
    return outer;
  }

  /** Leaves a message that has been read to its end. */
  leave(outer: number): void {
    this.#end = outer;
  }

  /** Passes over a length-delimited field's content; the result is where it starts. */
  passBytes(): number {
    return this.#pass(this.uint32());
  }

  /** Passes over a field that is not known. */
  skip(tag: number): void {
    const type = tag & 7;
    if (type === 0) this.uint32();
    else if (type === 1) this.#pass(8);
    else if (type === 2) this.passBytes();
    else if (type === 5) this.#pass(4);
    else throw new WireError(`cannot read message: wire type ${type} is not in use`);
  }

  /** A tag of several bytes, and one that is none. */
  #longTag(): number {
    const start = this.position;
    const tag = this.uint32();
    const length = this.position - start;
    const overflows = length > 5 || (length === 5 && (this.#bytes[start + 4] ?? 0) > 0x0f);
    if (overflows || tag >>> 3 === 0) {
      throw new WireError(`cannot read message: ${tag >>> 3} is not the number of a field`);
    }
    return tag;
  }

  #pass(length: number): number {
    const start = this.position;
    if (length > this.#end - start) throw cutShort();
    this.position = start + length;
    return start;
  }

  /** Passes the upper half of a 64-bit varint, with which negative numbers are written. */
  #passHighBits(position: number): number {
    for (let index = position; index < position + 5; index++) {
      if ((this.#bytes[index] ?? 0) < 0x80) return index + 1;
    }
    throw new WireError("cannot read message: a varint has more than 10 bytes");
  }
}

/** A number as `sint32` writes it, from its varint. */
export function unzigzag(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}

const codes: number[] = [];

/**
 * The text in a part of some bytes. Not put together letter by letter: engines would keep a tree of
 * all the pieces, seven times the memory of the text.
 */
export function readText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > SHORT_TEXT_BYTES) return decodeText(bytes.subarray(start, end));
  codes.length = end - start;
  for (let index = start; index < end; index++) {
    const byte = bytes[index] ?? 0;
    if (byte >= 0x80) return decodeText(bytes.subarray(start, end));
    codes[index - start] = byte;
  }
  return String.fromCharCode.apply(null, codes);
}

function decodeText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new WireError("cannot read message: a text is not UTF-8", { cause });
  }
}

function cutShort(): WireError {
  return new WireError("cannot read message: it ends too early");
}
