/** Fastest pace of inputs; with pings and actions it stays below what the shard takes. */
const INPUT_INTERVAL_MS = 30;

/** What is held on each axis: -1, 0 or 1. */
export interface HeldControls {
  readonly dx: number;
  readonly dy: number;
}

const NONE: HeldControls = { dx: 0, dy: 0 };

/**
 * Held controls on their way out: each change goes at once, but never two for one tick, of which
 * only the last would count, nor more than the shard takes.
 */
export class Controls {
  readonly #intervalTicks: number;
  #held: HeldControls = NONE;
  #sent: HeldControls | undefined = NONE;
  #sentTick = 0;

  constructor(options: { tickRate: number }) {
    this.#intervalTicks = Math.ceil((INPUT_INTERVAL_MS * options.tickRate) / 1_000);
  }

  get held(): HeldControls {
    return this.#held;
  }

  hold(dx: number, dy: number): void {
    this.#held = { dx: signOf(dx), dy: signOf(dy) };
  }

  /** A new connection: the shard holds nothing, or, when `unsure`, whatever arrived last. */
  restart(unsure: boolean): void {
    this.#sent = unsure ? undefined : NONE;
    this.#sentTick = 0;
  }

  /** What is to be sent for that tick, if anything. */
  due(tick: number): HeldControls | undefined {
    const same = this.#held.dx === this.#sent?.dx && this.#held.dy === this.#sent.dy;
    if (same || tick < this.#sentTick + this.#intervalTicks) return undefined;
    this.#sent = this.#held;
    this.#sentTick = tick;
    return this.#held;
  }
}

/** NaN stands still. */
function signOf(value: number): number {
  if (value > 0) return 1;
  return value < 0 ? -1 : 0;
}
