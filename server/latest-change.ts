/** Remembers that something changed until somebody asks; nothing queues. */
export class LatestChange {
  #marked = false;
  #wake: (() => void) | undefined;

  constructor(ended: AbortSignal) {
    ended.addEventListener("abort", () => this.mark(), { once: true });
  }

  mark(): void {
    this.#marked = true;
    this.#wake?.();
  }

  async next(): Promise<void> {
    if (!this.#marked) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#wake = undefined;
    this.#marked = false;
  }
}
