/** What those who run the deployment say to all: one at a time, for as long as it takes to read. */

/** Waiting for their turn; at the bound the oldest of them is left out. */
const WAITING_MAX = 4;
const SECONDS_MIN = 6;
/** A slow reader's. */
const SECONDS_PER_CHARACTER = 0.07;

/** Shows announcements in their order; `show` is given the present one, or null. */
export class Announcements {
  readonly #show: (text: string | null) => void;
  readonly #waiting: string[] = [];
  #secondsLeft = 0;

  constructor(show: (text: string | null) => void) {
    this.#show = show;
  }

  add(text: string): void {
    if (this.#waiting.length === WAITING_MAX) this.#waiting.shift();
    this.#waiting.push(text);
    if (this.#secondsLeft <= 0) this.#next();
  }

  advance(dt: number): void {
    if (this.#secondsLeft <= 0) return;
    this.#secondsLeft -= dt;
    if (this.#secondsLeft <= 0) this.#next();
  }

  #next(): void {
    const text = this.#waiting.shift() ?? null;
    this.#secondsLeft =
      text === null ? 0 : Math.max(SECONDS_MIN, text.length * SECONDS_PER_CHARACTER);
    this.#show(text);
  }
}
