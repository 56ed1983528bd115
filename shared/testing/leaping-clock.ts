import { type CancelTimer, type Clock, systemClock } from "#shared/time/clock.ts";

/** The machine's clock, as somebody reads it who was stopped for a while without knowing. */
export class LeapingClock implements Clock {
  #standstillMs = 0;

  monotonicMs(): number {
    return systemClock.monotonicMs() + this.#standstillMs;
  }

  wallMs(): number {
    return systemClock.wallMs() + this.#standstillMs;
  }

  schedule(delayMs: number, callback: () => void): CancelTimer {
    return systemClock.schedule(delayMs, callback);
  }

  /** Time goes on at once and no timer runs meanwhile, as while a machine is suspended. */
  standStill(forMs: number): void {
    this.#standstillMs += forMs;
  }
}
