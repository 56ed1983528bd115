/** Remembers that the log grew until somebody asks; nothing queues. */
export class Growth {
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
