const SIGNAL = 0;
/** Odd while the words behind it are being written. */
const VERSION = 1;
const TICK = 2;
/** The two halves of a double: Unix time in milliseconds. */
const INTENDED = 3;
const WORDS = 5;

/**
 * A gateway looks so often for a moment in which nobody writes. Writing takes four stores; if its
 * thread is held up in the middle of them, the reader keeps what it knew.
 */
const READS_MAX = 64;

/** A finished tick, and when it was meant to start on the reader's clock. */
export interface TickStart {
  tick: number;
  intendedMs: number;
}

/**
 * What every gateway can read at any time: the last finished tick with its intended start, always
 * the two that belong together, and a signal that wakes gateways which sleep.
 */
export class LinkHeader {
  readonly #words: Int32Array;
  readonly #originMs: number;
  readonly #double = new Float64Array(1);
  readonly #halves = new Int32Array(this.#double.buffer);

  /**
   * Threads count their time from different starts; `originMs` is this thread's (Unix time in
   * milliseconds, 0 where both ends share a clock).
   */
  constructor(memory: SharedArrayBuffer, originMs: number) {
    this.#words = new Int32Array(memory);
    this.#originMs = originMs;
  }

  /** For the loop's thread alone. */
  ticked(tick: number, intendedMs: number): void {
    const words = this.#words;
    this.#double[0] = intendedMs + this.#originMs;
    Atomics.add(words, VERSION, 1);
    Atomics.store(words, TICK, tick | 0);
    Atomics.store(words, INTENDED, this.#halves[0] ?? 0);
    Atomics.store(words, INTENDED + 1, this.#halves[1] ?? 0);
    Atomics.add(words, VERSION, 1);
  }

  /** Fills in the last tick; leaves `last` as it is while the loop's thread is at it. */
  readTick(last: TickStart): void {
    const words = this.#words;
    for (let read = 0; read < READS_MAX; read++) {
      const version = Atomics.load(words, VERSION);
      const tick = Atomics.load(words, TICK) >>> 0;
      this.#halves[0] = Atomics.load(words, INTENDED);
      this.#halves[1] = Atomics.load(words, INTENDED + 1);
      if ((version & 1) !== 0 || Atomics.load(words, VERSION) !== version) continue;
      last.tick = tick;
      last.intendedMs = (this.#double[0] ?? 0) - this.#originMs;
      return;
    }
  }

  /** Wakes whoever waits. */
  signal(): void {
    Atomics.add(this.#words, SIGNAL, 1);
    Atomics.notify(this.#words, SIGNAL);
  }

  /** Resolves after the next signal; at once when there was one since `seen`. */
  async signalAfter(seen: number): Promise<number> {
    const { async: isAsync, value } = Atomics.waitAsync(this.#words, SIGNAL, seen);
    if (isAsync) await value;
    return Atomics.load(this.#words, SIGNAL);
  }

  get signals(): number {
    return Atomics.load(this.#words, SIGNAL);
  }
}

/** Memory for a header. */
export function allocateHeader(): SharedArrayBuffer {
  return new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT);
}
