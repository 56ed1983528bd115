/** Seconds in a row with dropped messages, after which the connection is closed. */
const STRIKES_MAX = 5;
/** So many times the allowed rate within one second closes at once. */
const FLOOD_FACTOR = 5;
/** A client takes a shard that is silent for longer for gone. */
const UNHEARD_SECONDS_MAX = 10;

export type Verdict = "pass" | "drop" | "close";

/** Counts one connection's messages by the second. */
export class MessageLimit {
  readonly #perSecondMax: number;
  #windowStartMs = Number.NEGATIVE_INFINITY;
  /** Messages that pass in this window. */
  #allowed: number;
  #count = 0;
  #strikes = 0;

  constructor(perSecondMax: number) {
    this.#perSecondMax = perSecondMax;
    this.#allowed = perSecondMax;
  }

  /** Counts a message; `unheardSeconds` before it nobody read what was sent. */
  check(nowMs: number, unheardSeconds = 0): Verdict {
    if (nowMs - this.#windowStartMs >= 1_000) this.#nextWindow(nowMs);
    const seconds = 1 + Math.min(unheardSeconds, UNHEARD_SECONDS_MAX);
    this.#allowed = Math.max(this.#allowed, seconds * this.#perSecondMax);
    this.#count += 1;
    if (this.#count <= this.#allowed) return "pass";
    if (this.#count === this.#allowed + 1) this.#strikes += 1;
    const flooded = this.#count > this.#allowed + this.#perSecondMax * (FLOOD_FACTOR - 1);
    return flooded || this.#strikes > STRIKES_MAX ? "close" : "drop";
  }

  #nextWindow(nowMs: number): void {
    if (this.#count <= this.#allowed) this.#strikes = 0;
    this.#windowStartMs = nowMs;
    this.#allowed = this.#perSecondMax;
    this.#count = 0;
  }
}
