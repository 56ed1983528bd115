import type { Clock } from "#shared/time/clock.ts";

/** A commit that takes longer is slow, and so is the disk for a while after it. */
const SLOW_MS = 100;
const SLOW_FOR_MS = 2_000;
/** A disk that has not answered for so long is taken for one that does not. */
const STALLED_MS = 2_000;

/** How the disk keeps up. */
export interface DiskState {
  readonly state: "ok" | "slow" | "stalled";
  /** What is the matter, for people; empty when nothing is. */
  readonly reason: string;
}

const OK: DiskState = { state: "ok", reason: "" };

/**
 * Tells how the disk is from what was handed over and what came back. The Worker itself cannot
 * while its thread waits for the disk.
 */
export class DiskWatch {
  readonly #clock: Clock;
  /** When the ticks that wait were handed over, the oldest first. */
  readonly #waiting: { tick: number; sinceMs: number }[] = [];
  #slowUntilMs = Number.NEGATIVE_INFINITY;
  #longestMs = 0;
  #trouble: string | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  handed(tick: number): void {
    this.#waiting.push({ tick, sinceMs: this.#clock.monotonicMs() });
  }

  /** All ticks up to this one are in the database. */
  committed(tick: number): void {
    const nowMs = this.#clock.monotonicMs();
    const longestMs = this.#oldestMs(nowMs);
    while ((this.#waiting[0]?.tick ?? Number.POSITIVE_INFINITY) <= tick) this.#waiting.shift();
    this.#trouble = undefined;
    if (longestMs < SLOW_MS) return;
    this.#longestMs = nowMs < this.#slowUntilMs ? Math.max(this.#longestMs, longestMs) : longestMs;
    this.#slowUntilMs = nowMs + SLOW_FOR_MS;
  }

  /** The Worker could not write and tries again. */
  troubled(reason: string): void {
    this.#trouble = reason;
  }

  read(): DiskState {
    if (this.#trouble !== undefined) return { state: "stalled", reason: this.#trouble };
    const nowMs = this.#clock.monotonicMs();
    const waitMs = this.#oldestMs(nowMs);
    if (waitMs >= STALLED_MS) {
      const seconds = (waitMs / 1_000).toFixed(1);
      return { state: "stalled", reason: `the disk has not answered for ${seconds} s` };
    }
    if (waitMs < SLOW_MS && nowMs >= this.#slowUntilMs) return OK;
    const slowMs = Math.max(waitMs, nowMs < this.#slowUntilMs ? this.#longestMs : 0);
    return { state: "slow", reason: `a commit has taken ${Math.round(slowMs)} ms` };
  }

  #oldestMs(nowMs: number): number {
    const oldest = this.#waiting[0];
    return oldest === undefined ? 0 : nowMs - oldest.sinceMs;
  }
}
