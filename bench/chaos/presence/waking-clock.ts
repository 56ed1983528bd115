import type { CancelTimer, Clock } from "#shared/time/clock.ts";
import { WakingTime } from "#shared/time/waking-time.ts";

const LOOK_MS = 50;
/** Between two looks no more than this counts. */
const STEP_MS_MAX = 1_000;
/** Who stood still for longer may find that what it knew is old. */
const STILL_MS_MAX = 3_000;

/** The time that this process was awake for: when the machine stands still, nobody can act. */
export class WakingClock implements Clock {
  readonly #clock: Clock;
  readonly #startMs: number;
  readonly #time: WakingTime;
  #lookedMs: number;
  #cancel: CancelTimer = () => undefined;

  /** Called when it wakes after a standstill. */
  woke: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startMs = clock.monotonicMs();
    this.#lookedMs = this.#startMs;
    this.#time = new WakingTime({ nowMs: this.#startMs, stepMsMax: STEP_MS_MAX });
    this.#look();
  }

  /** How long it was not awake, up to now. */
  get stoodStillMs(): number {
    return this.#clock.monotonicMs() - this.#startMs - this.monotonicMs();
  }

  monotonicMs(): number {
    return this.#time.look(this.#clock.monotonicMs());
  }

  wallMs(): number {
    return this.#clock.wallMs();
  }

  schedule(delayMs: number, callback: () => void): CancelTimer {
    return this.#clock.schedule(delayMs, callback);
  }

  close(): void {
    this.#cancel();
  }

  #look(): void {
    this.monotonicMs();
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#lookedMs > STILL_MS_MAX) this.woke();
    this.#lookedMs = nowMs;
    this.#cancel = this.#clock.schedule(LOOK_MS, () => this.#look());
  }
}
