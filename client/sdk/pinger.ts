import type { CancelTimer, Clock } from "#shared/time/clock.ts";

/** Pings in quick succession after a welcome, to know the shard's time at once. */
const QUICK_PINGS = 5;
const QUICK_INTERVAL_MS = 100;
/** Afterwards. */
const INTERVAL_MS = 1_000;

/**
 * When to ping. Frames that arrive drive it beside the timer, because browsers slow the timers of
 * hidden pages down to one a minute, but not their sockets.
 */
export class Pinger {
  readonly #clock: Clock;
  readonly #ping: (nowMs: number) => void;
  #quickLeft = 0;
  #dueMs = 0;
  #cancel: CancelTimer | undefined;
  #running = false;

  constructor(options: { clock: Clock; ping: (nowMs: number) => void }) {
    this.#clock = options.clock;
    this.#ping = options.ping;
  }

  start(): void {
    this.stop();
    this.#running = true;
    this.#quickLeft = QUICK_PINGS;
    this.#dueMs = this.#clock.monotonicMs();
    this.poll();
  }

  stop(): void {
    this.#running = false;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Pings if it is time. */
  poll(): void {
    const nowMs = this.#clock.monotonicMs();
    if (!this.#running || nowMs < this.#dueMs) return;
    this.#ping(nowMs);
    const waitMs = this.#quickLeft > 0 ? QUICK_INTERVAL_MS : INTERVAL_MS;
    this.#quickLeft -= 1;
    this.#dueMs = nowMs + waitMs;
    this.#cancel?.();
    this.#cancel = this.#clock.schedule(waitMs, () => this.poll());
  }
}
