import type { Clock } from "#shared/time/clock.ts";

/** So long work goes on before others have their turn. */
const TURN_MS = 0.75;
/** Items between two looks at the clock. */
const ITEMS_PER_LOOK = 64;

/** Cuts long work into turns, where the thread has something to do on time. */
export class Turns {
  readonly #clock: Clock;
  #beginMs: number;
  #items = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#beginMs = clock.monotonicMs();
  }

  /** So many items of work are done: whether the next one should wait for another turn. */
  isOver(items = 1): boolean {
    this.#items += items;
    if (this.#items < ITEMS_PER_LOOK) return false;
    this.#items = 0;
    return this.#clock.monotonicMs() - this.#beginMs >= TURN_MS;
  }

  /** Resolves in a turn of its own. */
  async next(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#clock.schedule(0, resolve);
    await promise;
    this.begin();
  }

  /** Others have had their turn just now. */
  begin(): void {
    this.#beginMs = this.#clock.monotonicMs();
    this.#items = 0;
  }
}
