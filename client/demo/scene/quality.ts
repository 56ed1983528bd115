/** Gives up sharpness before smoothness on machines that draw in software. */

/** Parts of the window's resolution, best first. */
const SCALES = [1, 0.8, 0.65, 0.5] as const;
/** Seconds of frames that are judged together. */
const WINDOW_SECONDS = 1.5;
/** Below this many frames a second the picture gets coarser. */
const SLOW = 40;
/** Windows to wait before judging again, while the change settles. */
const REST_WINDOWS = 1;

/** Watches the frame rate and says at which part of the full resolution to draw. */
export class Quality {
  #level = 0;
  #seconds = 0;
  #frames = 0;
  #rest = REST_WINDOWS;

  get scale(): number {
    return SCALES[this.#level] ?? 1;
  }

  /** Takes the seconds of one frame; true when `scale` has changed. */
  add(dt: number): boolean {
    // A long gap is a hidden tab or a debugger, not a slow machine.
    if (dt > 0.5) return false;
    this.#seconds += dt;
    this.#frames += 1;
    if (this.#seconds < WINDOW_SECONDS) return false;
    const framesPerSecond = this.#frames / this.#seconds;
    this.#seconds = 0;
    this.#frames = 0;
    if (this.#rest > 0) {
      this.#rest -= 1;
      return false;
    }
    if (framesPerSecond >= SLOW || this.#level === SCALES.length - 1) return false;
    this.#level += 1;
    this.#rest = REST_WINDOWS;
    return true;
  }
}
