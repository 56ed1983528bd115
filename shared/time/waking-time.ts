/**
 * Time as far as somebody was awake: what passes between two looks counts up to a bound, however
 * long it was. A machine that was suspended or a process that was stopped looks again late, and
 * what it could not have noticed in between is not held against anybody.
 */
export class WakingTime {
  readonly #stepMsMax: number;
  #lookedMs: number;
  #wakingMs = 0;

  /** Starts at 0, at this time of a monotonic clock. */
  constructor(options: { nowMs: number; stepMsMax: number }) {
    this.#stepMsMax = options.stepMsMax;
    this.#lookedMs = options.nowMs;
  }

  /** A look, given the clock's time: how long it was awake since the start. */
  look(nowMs: number): number {
    this.#wakingMs += Math.min(nowMs - this.#lookedMs, this.#stepMsMax);
    this.#lookedMs = nowMs;
    return this.#wakingMs;
  }
}
