/** Frames that are remembered. */
const FRAMES = 16;
/** Seconds without a frame after which it was a cut, which says nothing of the next interval. */
const CUT_SECONDS = 1;

/**
 * How far apart frames are, as they come: a busy shard lets clients wait two to four times as long
 * as it said in its welcome. The longest of the last few counts, as there must be something to show
 * until the next one.
 */
export class FrameInterval {
  readonly #ticks: number[];
  readonly #ticksMax: number;
  #lastTick: number | undefined;

  constructor(options: { tickRate: number; sendIntervalTicks: number }) {
    this.#ticks = [options.sendIntervalTicks];
    this.#ticksMax = options.tickRate * CUT_SECONDS;
  }

  get ticks(): number {
    return Math.max(...this.#ticks);
  }

  /** The state of that tick came. */
  observe(tick: number): void {
    const interval = tick - (this.#lastTick ?? tick);
    this.#lastTick = tick;
    if (interval <= 0 || interval > this.#ticksMax) return;
    this.#ticks.push(interval);
    if (this.#ticks.length > FRAMES) this.#ticks.shift();
  }
}
