// A bounded queue of small records in shared memory, from one thread to one other.
//
// A message port would do the same with an object, a copy and a wake-up for each message; at ten
// thousand players that is most of the work. Here a record is a few bytes behind a position that
// the writer moves on and the reader follows: no lock, no allocation, and the bound is the memory.
//
//   header   [ written | read ]                    positions modulo 2^32, in bytes
//   data     [ length kind connection payload… ][ … ]   each record contiguous, padded to 4 bytes
//
// A record that does not fit before the end of the memory starts again at its beginning; SKIP says
// so. The writer alone moves `written` and the reader alone moves `read`, each after it is done
// with the bytes: Lamport, "Proving the Correctness of Multiprocess Programs" (1977).

const HEADER_BYTES = 8;
const RECORD_BYTES = 12;
const WRITTEN = 0;
const READ = 1;
const SKIP = 0xffff_ffff;

/** Takes a record; the payload is a view that is void when the call returns. */
export type RecordHandler = (kind: number, connection: number, payload: Uint8Array) => void;

/** Memory for a ring; the capacity is rounded up to a power of two. */
export function allocateRing(capacityBytes: number): SharedArrayBuffer {
  let size = 64;
  while (size < capacityBytes) size *= 2;
  return new SharedArrayBuffer(HEADER_BYTES + size);
}

/** One end of the ring that lives in `memory`: one thread writes, one other drains. */
export class ByteRing {
  readonly #positions: Int32Array;
  readonly #words: Uint32Array;
  readonly #bytes: Uint8Array;
  readonly #capacity: number;

  constructor(memory: SharedArrayBuffer) {
    this.#capacity = memory.byteLength - HEADER_BYTES;
    this.#positions = new Int32Array(memory, 0, 2);
    this.#words = new Uint32Array(memory, HEADER_BYTES);
    this.#bytes = new Uint8Array(memory, HEADER_BYTES);
  }

  /** Appends a record; false, and nothing happens, when there is no room for it. */
  write(kind: number, connection: number, payload: Uint8Array): boolean {
    const size = RECORD_BYTES + padded(payload.length);
    const written = Atomics.load(this.#positions, WRITTEN) >>> 0;
    const used = (written - Atomics.load(this.#positions, READ)) >>> 0;
    let at = written % this.#capacity;
    const beforeEnd = this.#capacity - at;
    const skipped = size > beforeEnd ? beforeEnd : 0;
    if (used + skipped + size > this.#capacity) return false;
    if (skipped > 0) {
      this.#words[at >> 2] = SKIP;
      at = 0;
    }
    const word = at >> 2;
    this.#words[word] = payload.length;
    this.#words[word + 1] = kind;
    this.#words[word + 2] = connection;
    this.#bytes.set(payload, at + RECORD_BYTES);
    Atomics.store(this.#positions, WRITTEN, (written + skipped + size) | 0);
    return true;
  }

  /** Position of the reader, which moves with each record that it takes. */
  get taken(): number {
    return Atomics.load(this.#positions, READ);
  }

  /** Whether something waits for the reader. */
  get hasUntaken(): boolean {
    return Atomics.load(this.#positions, WRITTEN) !== this.taken;
  }

  /** Hands out all records that are there, in order, and makes room for others. */
  drain(handle: RecordHandler): void {
    const end = Atomics.load(this.#positions, WRITTEN) >>> 0;
    let read = Atomics.load(this.#positions, READ) >>> 0;
    while (read !== end) {
      const at = read % this.#capacity;
      const word = at >> 2;
      const length = this.#words[word] ?? 0;
      if (length === SKIP) {
        read = (read + this.#capacity - at) >>> 0;
        continue;
      }
      const start = at + RECORD_BYTES;
      handle(
        this.#words[word + 1] ?? 0,
        this.#words[word + 2] ?? 0,
        this.#bytes.subarray(start, start + length),
      );
      read = (read + RECORD_BYTES + padded(length)) >>> 0;
      // After each record: what is handed out may make the other side write again.
      Atomics.store(this.#positions, READ, read | 0);
    }
    Atomics.store(this.#positions, READ, read | 0);
  }
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
