// How long to wait before a process that died is started again.

const DELAY_MS_MIN = 100;
const DELAY_MS_MAX = 5_000;
/** After a life of this length the next death counts as the first. */
const HEALTHY_LIFE_MS = 5_000;

/** Doubling delays from 100 ms to 5 s. */
export class Backoff {
  #deaths = 0;

  /** The delay before the next start of a process that lived for `lifeMs`. */
  next(lifeMs: number): number {
    if (lifeMs >= HEALTHY_LIFE_MS) this.#deaths = 0;
    const delayMs = Math.min(DELAY_MS_MAX, DELAY_MS_MIN * 2 ** Math.min(this.#deaths, 10));
    this.#deaths += 1;
    return delayMs;
  }
}
