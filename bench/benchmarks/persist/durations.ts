/** Durations of what is done again and again, all of them kept. */
export class Durations {
  readonly #ms: number[] = [];

  get count(): number {
    return this.#ms.length;
  }

  get sum(): number {
    return this.#ms.reduce((sum, ms) => sum + ms, 0);
  }

  measure(work: () => void): void {
    const startNs = Bun.nanoseconds();
    work();
    this.#ms.push((Bun.nanoseconds() - startNs) / 1e6);
  }

  async measureAsync(work: () => Promise<void>): Promise<void> {
    const startNs = Bun.nanoseconds();
    await work();
    this.#ms.push((Bun.nanoseconds() - startNs) / 1e6);
  }

  add(ms: number): void {
    this.#ms.push(ms);
  }

  clear(): void {
    this.#ms.length = 0;
  }

  /** The least duration that so large a share of them (0 to 1) does not exceed. */
  quantile(share: number): number {
    const sorted = this.#ms.toSorted((left, right) => left - right);
    const duration = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
    if (duration === undefined) throw new Error("cannot take a quantile: nothing was measured");
    return duration;
  }
}
