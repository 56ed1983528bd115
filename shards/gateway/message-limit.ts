/** Seconds in a row with dropped messages, after which the connection is closed. */
const STRIKES_MAX = 5;
/** So many times the allowed rate within one second closes at once. */
const FLOOD_FACTOR = 5;

export type Verdict = "pass" | "drop" | "close";

/** Counts one connection's messages by the second. */
export class MessageLimit {
  readonly #perSecondMax: number;
  #windowStartMs = Number.NEGATIVE_INFINITY;
  #count = 0;
  #strikes = 0;

  constructor(perSecondMax: number) {
    this.#perSecondMax = perSecondMax;
  }

  check(nowMs: number): Verdict {
    if (nowMs - this.#windowStartMs >= 1_000) this.#nextWindow(nowMs);
    this.#count += 1;
    if (this.#count <= this.#perSecondMax) return "pass";
    if (this.#count === this.#perSecondMax + 1) this.#strikes += 1;
    const flooded = this.#count > this.#perSecondMax * FLOOD_FACTOR;
    return flooded || this.#strikes > STRIKES_MAX ? "close" : "drop";
  }

  #nextWindow(nowMs: number): void {
    if (this.#count <= this.#perSecondMax) this.#strikes = 0;
    this.#windowStartMs = nowMs;
    this.#count = 0;
  }
}
