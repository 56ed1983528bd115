import type { Extent } from "./snapshot-copier.ts";

/** More than was asked for, by this factor: a world that grows does not allocate each time. */
const HEADROOM = 1.25;

/** Memory for copies of a state, used again for each; whoever makes it says of which kind it is. */
export class CopyArea<Buffer extends ArrayBufferLike = ArrayBufferLike> {
  readonly #allocate: (bytes: number) => Buffer;
  #buffer: Buffer;
  #bytes: Uint8Array<Buffer>;
  #length = 0;

  constructor(allocate: (bytes: number) => Buffer) {
    this.#allocate = allocate;
    this.#buffer = allocate(0);
    this.#bytes = new Uint8Array(this.#buffer);
  }

  /** The memory as it is since the last `empty`. */
  get buffer(): Buffer {
    return this.#buffer;
  }

  /** Forgets what is in it and makes sure of room. */
  empty(bytes: number): void {
    this.#length = 0;
    if (bytes <= this.#bytes.length) return;
    this.#buffer = this.#allocate(Math.ceil(bytes * HEADROOM));
    this.#bytes = new Uint8Array(this.#buffer);
  }

  append(bytes: Uint8Array): Extent {
    const start = this.#length;
    this.#bytes.set(bytes, start);
    this.#length += bytes.length;
    return { start, bytes: bytes.length };
  }
}
