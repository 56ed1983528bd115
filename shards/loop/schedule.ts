import type { CancelTimer, Clock } from "#shared/time/clock.ts";

/** Further behind than this the loop gives up the missed ticks instead of hurrying after them. */
const BEHIND_MS_MAX = 250;
/** A timer may fire this much early. */
const EARLY_MS = 0.5;

export interface ScheduleOptions {
  clock: Clock;
  tickRate: number;
  /** Runs one tick, given the time at which it was meant to start. */
  run: (intendedMs: number) => void;
  /** Ticks that were given up because the process did not get to run. */
  skipped?: (ticks: number) => void;
}

/**
 * Runs ticks at a fixed rate from their intended times: tick n is due at start + n × interval, so a
 * late tick does not delay the ones after it. Each timer runs at most one tick, so that sockets are
 * served between two ticks that are behind.
 */
export class Schedule {
  readonly #options: ScheduleOptions;
  readonly #intervalMs: number;
  #startMs = 0;
  #count = 0;
  #cancel: CancelTimer | undefined;
  #running = false;

  constructor(options: ScheduleOptions) {
    this.#options = options;
    this.#intervalMs = 1_000 / options.tickRate;
  }

  start(): void {
    this.#startMs = this.#options.clock.monotonicMs();
    this.#count = 0;
    this.#running = true;
    this.#plan();
  }

  stop(): void {
    this.#running = false;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #dueMs(): number {
    return this.#startMs + this.#count * this.#intervalMs;
  }

  #plan(): void {
    const delayMs = this.#dueMs() - this.#options.clock.monotonicMs();
    this.#cancel = this.#options.clock.schedule(Math.max(0, delayMs), () => this.#wake());
  }

  #wake(): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs >= this.#dueMs() - EARLY_MS) {
      this.#forgetMissed(nowMs);
      const intendedMs = this.#dueMs();
      this.#count += 1;
      this.#options.run(intendedMs);
    }
    if (this.#running) this.#plan();
  }

  #forgetMissed(nowMs: number): void {
    const behindMs = nowMs - this.#dueMs();
    if (behindMs <= BEHIND_MS_MAX) return;
    const missed = Math.floor(behindMs / this.#intervalMs);
    this.#startMs += missed * this.#intervalMs;
    this.#options.skipped?.(missed);
  }
}
