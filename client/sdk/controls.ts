/** Fastest pace of inputs; with pings and actions it stays below what the shard takes. */
const INPUT_INTERVAL_MS = 30;

/** How a world is controlled. */
export interface ControlKind<Held> {
  /** Nothing is held. */
  readonly none: Held;
  isSame(left: Held, right: Held): boolean;
}

/** What is held on each axis of a plane: -1, 0 or 1. */
export interface HeldControls {
  readonly dx: number;
  readonly dy: number;
}

/** Walking about in a plane. */
export const WALK: ControlKind<HeldControls> = {
  none: { dx: 0, dy: 0 },
  isSame: (left, right) => left.dx === right.dx && left.dy === right.dy,
};

/** The controls of a walk in a direction of any length; NaN stands still. */
export function walkTo(dx: number, dy: number): HeldControls {
  return { dx: signOf(dx), dy: signOf(dy) };
}

/**
 * Held controls on their way out: each change goes at once, but never two for one tick, of which
 * only the last would count, nor more than the shard takes.
 */
export class Controls<Held> {
  readonly #kind: ControlKind<Held>;
  readonly #intervalTicks: number;
  #held: Held;
  #sent: Held | undefined;
  #sentTick = 0;

  constructor(options: { kind: ControlKind<Held>; tickRate: number }) {
    this.#kind = options.kind;
    this.#held = options.kind.none;
    this.#sent = options.kind.none;
    this.#intervalTicks = Math.ceil((INPUT_INTERVAL_MS * options.tickRate) / 1_000);
  }

  get held(): Held {
    return this.#held;
  }

  hold(controls: Held): void {
    this.#held = controls;
  }

  /** The shard may hold whatever it has heard of: what is held is told again. */
  restart(): void {
    this.#sent = undefined;
    this.#sentTick = 0;
  }

  /** What is to be sent for that tick, if anything. */
  due(tick: number): Held | undefined {
    const isSame = this.#sent !== undefined && this.#kind.isSame(this.#held, this.#sent);
    if (isSame || tick < this.#sentTick + this.#intervalTicks) return undefined;
    this.#sent = this.#held;
    this.#sentTick = tick;
    return this.#held;
  }
}

function signOf(value: number): number {
  if (value > 0) return 1;
  return value < 0 ? -1 : 0;
}
