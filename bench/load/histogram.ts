// Latencies in a fixed piece of memory, however many there are: the method of HdrHistogram
// (http://hdrhistogram.org). Up to 128 µs each microsecond has its own counter; above, each power
// of two is cut into 64 equal parts, so that a counter is never wider than 1.6 % of its values.

/** Parts into which a power of two is cut. */
const PARTS = 64;
/** Up to here every whole microsecond has a counter of its own. */
const EXACT_MICROS = PARTS * 2;
/** Longest that is told apart, about 35 minutes; what is longer counts as this. */
const MICROS_MAX = 2 ** 31 - 1;
const COUNTERS = indexOf(MICROS_MAX) + 1;

/** What is usually told of a histogram, in milliseconds; all 0 when nothing was recorded. */
export interface Percentiles {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Counts durations; percentiles are never understated and at most 1.6 % overstated. */
export class Histogram {
  readonly #counters = new Float64Array(COUNTERS);
  #count = 0;
  #sumMs = 0;
  #maxMs = 0;

  get count(): number {
    return this.#count;
  }

  /** Adds one duration; a negative one counts as 0. */
  record(durationMs: number): void {
    const micros = Math.min(MICROS_MAX, Math.max(0, Math.ceil(durationMs * 1_000)));
    const index = indexOf(micros);
    this.#counters[index] = (this.#counters[index] ?? 0) + 1;
    this.#count += 1;
    this.#sumMs += Math.max(0, durationMs);
    if (durationMs > this.#maxMs) this.#maxMs = durationMs;
  }

  /** The duration that the given share (0 to 1) of all does not exceed; 0 when there is none. */
  percentile(share: number): number {
    const wanted = Math.max(1, Math.ceil(share * this.#count));
    let seen = 0;
    for (let index = 0; index < COUNTERS; index++) {
      seen += this.#counters[index] ?? 0;
      if (seen >= wanted) return Math.min(this.#maxMs, upperMicros(index) / 1_000);
    }
    return this.#maxMs;
  }

  summary(): Percentiles {
    return {
      count: this.#count,
      mean: this.#count === 0 ? 0 : this.#sumMs / this.#count,
      p50: this.percentile(0.5),
      p90: this.percentile(0.9),
      p99: this.percentile(0.99),
      p999: this.percentile(0.999),
      max: this.#maxMs,
    };
  }

  /** Adds all that the other one counted. */
  merge(other: Histogram): void {
    for (let index = 0; index < COUNTERS; index++) {
      this.#counters[index] = (this.#counters[index] ?? 0) + (other.#counters[index] ?? 0);
    }
    this.#count += other.#count;
    this.#sumMs += other.#sumMs;
    this.#maxMs = Math.max(this.#maxMs, other.#maxMs);
  }

  reset(): void {
    this.#counters.fill(0);
    this.#count = 0;
    this.#sumMs = 0;
    this.#maxMs = 0;
  }

  /** Counters that are not 0, ascending: up to which duration, and how many. For charts. */
  buckets(): { readonly upToMs: number; readonly count: number }[] {
    const buckets: { upToMs: number; count: number }[] = [];
    for (let index = 0; index < COUNTERS; index++) {
      const count = this.#counters[index] ?? 0;
      if (count > 0) buckets.push({ upToMs: upperMicros(index) / 1_000, count });
    }
    return buckets;
  }
}

function indexOf(micros: number): number {
  if (micros < EXACT_MICROS) return micros;
  const power = 31 - Math.clz32(micros);
  const part = (micros >>> (power - 6)) & (PARTS - 1);
  return EXACT_MICROS + (power - 7) * PARTS + part;
}

/** Greatest duration that a counter stands for. */
function upperMicros(index: number): number {
  if (index < EXACT_MICROS) return index;
  const power = Math.floor((index - EXACT_MICROS) / PARTS) + 7;
  const part = (index - EXACT_MICROS) % PARTS;
  return (PARTS + part + 1) * 2 ** (power - 6) - 1;
}
