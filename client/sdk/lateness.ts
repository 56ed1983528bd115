/** Seconds that a late packet is remembered. */
const WINDOW_SECONDS = 30;
/** Weight of a new frame in the shown jitter. */
const JITTER_WEIGHT = 0.05;

/**
 * How late packets are beyond the path's best time. The worst of the last half minute tells how far
 * the prediction must run ahead for inputs to arrive in time; the mean tells how far in the past
 * others are shown.
 */
export class Lateness {
  readonly #worst = new Float64Array(WINDOW_SECONDS);
  #second = 0;
  #jitterMs = 0;

  /** Typical deviation of a frame from its time. */
  get jitterMs(): number {
    return this.#jitterMs;
  }

  /** The worst of the window. */
  get worstMs(): number {
    let worst = 0;
    for (const value of this.#worst) if (value > worst) worst = value;
    return worst;
  }

  /** A frame came this late; negative means early. */
  observeFrame(nowMs: number, lateMs: number): void {
    this.#jitterMs += (Math.abs(lateMs) - this.#jitterMs) * JITTER_WEIGHT;
    this.observe(nowMs, lateMs);
  }

  /** Anything else that tells of lateness. */
  observe(nowMs: number, lateMs: number): void {
    this.#turn(Math.floor(nowMs / 1_000));
    const slot = this.#second % WINDOW_SECONDS;
    this.#worst[slot] = Math.max(this.#worst[slot] ?? 0, lateMs);
  }

  #turn(second: number): void {
    if (second - this.#second >= WINDOW_SECONDS) this.#worst.fill(0);
    else {
      for (let passed = this.#second + 1; passed <= second; passed += 1) {
        this.#worst[passed % WINDOW_SECONDS] = 0;
      }
    }
    this.#second = Math.max(this.#second, second);
  }
}
