const SIGNAL = 0;
const TICK = 1;
const INTENDED_MS = 1;

/**
 * What every gateway can read at any time: the last finished tick, when it was meant to start, and
 * a signal that wakes gateways which sleep.
 */
export class LinkHeader {
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #originMs: number;

  /**
   * Threads count their time from different starts; `originMs` is this thread's (Unix time in
   * milliseconds, 0 where both ends share a clock).
   */
  constructor(memory: SharedArrayBuffer, originMs: number) {
    this.#words = new Int32Array(memory);
    this.#doubles = new Float64Array(memory);
    this.#originMs = originMs;
  }

  get tick(): number {
    return Atomics.load(this.#words, TICK) >>> 0;
  }

  /** On this thread's clock. */
  get intendedMs(): number {
    return (this.#doubles[INTENDED_MS] ?? 0) - this.#originMs;
  }

  ticked(tick: number, intendedMs: number): void {
    this.#doubles[INTENDED_MS] = intendedMs + this.#originMs;
    Atomics.store(this.#words, TICK, tick | 0);
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
  return new SharedArrayBuffer(16);
}
