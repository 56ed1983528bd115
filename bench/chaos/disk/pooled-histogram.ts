import type { MetricsText } from "../../load/metrics-text.ts";

/** What a process observed over several stretches of time, taken together. */
export class PooledHistogram {
  readonly #name: string;
  /** Observations up to each bound, by bound. */
  readonly #counts = new Map<number, number>();

  constructor(name: string) {
    this.#name = name;
  }

  /** Adds what was observed between two readings. */
  add(before: MetricsText, after: MetricsText): void {
    const earlier = new Map(before.buckets(this.#name).map(({ upTo, count }) => [upTo, count]));
    for (const { upTo, count } of after.buckets(this.#name)) {
      const grown = count - (earlier.get(upTo) ?? 0);
      this.#counts.set(upTo, (this.#counts.get(upTo) ?? 0) + grown);
    }
  }

  get count(): number {
    return Math.max(0, ...this.#counts.values());
  }

  /**
   * The value below which a share (0 to 1) lies, taking each bucket for evenly filled, as
   * Prometheus' `histogram_quantile` does; the last bound when it lies beyond that.
   */
  percentile(share: number): number {
    const wanted = share * this.count;
    let [from, below] = [0, 0];
    for (const [upTo, count] of [...this.#counts].sort(([one], [other]) => one - other)) {
      if (upTo === Number.POSITIVE_INFINITY) break;
      if (count >= wanted && count > below) {
        return from + ((upTo - from) * (wanted - below)) / (count - below);
      }
      [from, below] = [upTo, count];
    }
    return from;
  }
}
