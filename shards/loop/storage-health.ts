// How well the disk keeps up, as far as players need to know.

/**
 * Well: commits follow their ticks closely. Slow: they lag, and what lasts is shown late. Stalled:
 * they lag so far that the world stands still.
 */
export type StorageState = "well" | "slow" | "stalled";

/** Ticks that may wait for their commit, as time; beyond it the world stands still. */
const UNCOMMITTED_MS_MAX = 10_000;
/** It goes on when no more than this waits. */
const GOES_ON_MS = 5_000;
/** A tick that waits for longer is late. */
const LATE_MS = 250;
/** Late ticks count double, the others take off one: at this much in all the disk is slow. */
const SLOW_MS = 1_000;
/** After so long without a late tick all is well again. */
const WELL_MS = 2_000;

/** Judges the disk, tick by tick. */
export class StorageHealth {
  readonly #tickMs: number;
  #state: StorageState = "well";
  #lateness = 0;
  #promptMs = 0;

  constructor(tickRate: number) {
    this.#tickMs = 1_000 / tickRate;
  }

  get state(): StorageState {
    return this.#state;
  }

  /** Once a tick: how many ticks wait for their commit. */
  look(uncommittedTicks: number): void {
    const lagMs = uncommittedTicks * this.#tickMs;
    const isLate = lagMs > LATE_MS;
    this.#promptMs = isLate ? 0 : this.#promptMs + this.#tickMs;
    const change = isLate ? 2 * this.#tickMs : -this.#tickMs;
    this.#lateness = Math.min(SLOW_MS, Math.max(0, this.#lateness + change));
    this.#state = this.#judge(lagMs);
  }

  #judge(lagMs: number): StorageState {
    if (lagMs > UNCOMMITTED_MS_MAX) return "stalled";
    if (this.#state === "stalled" && lagMs > GOES_ON_MS) return "stalled";
    if (this.#lateness >= SLOW_MS) return "slow";
    if (this.#state === "well" || this.#promptMs >= WELL_MS) return "well";
    return "slow";
  }
}
