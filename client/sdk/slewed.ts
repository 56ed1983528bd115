/** A value that follows its target at a bounded rate, so that what is timed by it never jumps. */
export class Slewed {
  #value: number;
  #atMs: number;
  readonly #ratePerMs: number;

  constructor(options: { value: number; atMs: number; ratePerMs: number }) {
    this.#value = options.value;
    this.#atMs = options.atMs;
    this.#ratePerMs = options.ratePerMs;
  }

  get value(): number {
    return this.#value;
  }

  /** Moves towards `target` by what the passed time allows. */
  follow(target: number, nowMs: number): number {
    const step = Math.max(0, nowMs - this.#atMs) * this.#ratePerMs;
    this.#atMs = Math.max(this.#atMs, nowMs);
    this.#value += Math.max(-step, Math.min(step, target - this.#value));
    return this.#value;
  }

  /** Takes a value at once. */
  set(value: number, nowMs: number): void {
    this.#value = value;
    this.#atMs = nowMs;
  }
}
