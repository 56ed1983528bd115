/** Gives up sharpness before smoothness on machines that draw in software. */

/** What is drawn, and how sharply. */
export interface QualityLevel {
  /** Part of the window's resolution. */
  readonly scale: number;
  /** 1 for round shapes, less for fewer triangles. */
  readonly detail: number;
  /** Part of the small plants that grow. */
  readonly plants: number;
}

/** Everything. */
const FULL_QUALITY: QualityLevel = { scale: 1, detail: 1, plants: 1 };
/** Best first. */
const LEVELS: readonly QualityLevel[] = [
  FULL_QUALITY,
  { scale: 0.8, detail: 1, plants: 0.7 },
  { scale: 0.8, detail: 0.6, plants: 0.45 },
  { scale: 0.65, detail: 0.6, plants: 0.2 },
  { scale: 0.5, detail: 0.45, plants: 0 },
];
/** Where machines without a graphics card begin. */
const SOFTWARE_LEVEL = 2;
/** Seconds of frames that are judged together. */
const WINDOW_SECONDS = 1;
/** Below this many frames a second the picture gets coarser. */
const SLOW = 38;
/** Windows to wait before judging again, while the change settles. */
const REST_WINDOWS = 1;

/** Watches the frame rate and says how much to draw. */
export class Quality {
  #index: number;
  #seconds = 0;
  #frames = 0;
  #rest = REST_WINDOWS;

  readonly #fixed: boolean;

  /** `renderer` is what the graphics driver calls itself; `fixed` stays at the best. */
  constructor(renderer: string, fixed = false) {
    this.#fixed = fixed;
    const software = /swiftshader|llvmpipe|software/i.test(renderer);
    this.#index = software && !fixed ? SOFTWARE_LEVEL : 0;
  }

  get level(): QualityLevel {
    return LEVELS[this.#index] ?? FULL_QUALITY;
  }

  /** Takes the seconds of one frame; true when `level` has changed. */
  add(dt: number): boolean {
    // A long gap is a hidden tab or a debugger, not a slow machine.
    if (this.#fixed || dt > 0.5) return false;
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
    if (framesPerSecond >= SLOW || this.#index === LEVELS.length - 1) return false;
    this.#index += 1;
    this.#rest = REST_WINDOWS;
    return true;
  }
}
