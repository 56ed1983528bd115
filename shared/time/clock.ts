/** Time and timers, injected so that tests decide what time it is. */
export interface Clock {
  /** Milliseconds since an arbitrary start, never going back; for intervals. */
  monotonicMs(): number;
  /** Milliseconds since 1970; for people, tokens and databases. */
  wallMs(): number;
  /** Runs `callback` once after at least `delayMs`; the result cancels it. */
  schedule(delayMs: number, callback: () => void): CancelTimer;
}

export type CancelTimer = () => void;

/** The machine's own clock. Works in Bun, Deno and browsers. */
export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  schedule(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
