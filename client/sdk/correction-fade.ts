import type { Reconciled } from "../prediction/predictor.ts";

/** How corrections of the own player's place are shown; lengths are the world's smallest ones. */
export interface FadeOptions {
  /** Corrections up to this length are smoothed away; beyond it they show at once. */
  readonly smoothedMax: number;
  /** After this long a third of a correction is left to see; after three times, nothing. */
  readonly smoothingMs: number;
}

/** Lets the own player glide to where a correction has put it. */
export class CorrectionFade {
  readonly #options: FadeOptions;
  /** What is left to see; reused. */
  readonly #left = { x: 0, y: 0 };
  #fadedMs = 0;

  constructor(options: FadeOptions) {
    this.#options = options;
  }

  /** What is left to see of past corrections. */
  leftAt(nowMs: number): { readonly x: number; readonly y: number } {
    const part = Math.exp(-Math.max(0, nowMs - this.#fadedMs) / this.#options.smoothingMs);
    this.#fadedMs = nowMs;
    this.#left.x *= part;
    this.#left.y *= part;
    return this.#left;
  }

  /** The own player was moved; returns how far it was off, undefined when it was not. */
  moved({ movedX, movedY, surprising }: Reconciled, nowMs: number): number | undefined {
    if (movedX === 0 && movedY === 0) return undefined;
    this.leftAt(nowMs);
    const distance = Math.hypot(movedX, movedY);
    // A return elsewhere, or whatever else surprises, shows at once; nothing was foretold wrongly.
    const isSmoothed = !surprising && distance <= this.#options.smoothedMax;
    this.#left.x = isSmoothed ? this.#left.x - movedX : 0;
    this.#left.y = isSmoothed ? this.#left.y - movedY : 0;
    return surprising ? undefined : distance;
  }
}
