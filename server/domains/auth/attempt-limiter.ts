/** How many accounts, guests and logins one address may try for. */
import { AppError } from "#shared/model/errors.ts";
import type { Clock } from "#shared/time/clock.ts";
import { RecentMap } from "../../limits/recent-map.ts";

/** Attempts at once after a quiet time. */
export const ATTEMPTS_BURST_MAX = 200;
/** Attempts per second in the long run. */
const ATTEMPTS_PER_SECOND = 1;
/** Addresses remembered; beyond it the one that came longest ago starts anew. */
const ADDRESSES_MAX = 50_000;

interface Bucket {
  left: number;
  atMs: number;
}

/** A bucket for each address; this machine itself (bots, load tests) is not limited. */
export class AttemptLimiter {
  readonly #clock: Clock;
  readonly #buckets = new RecentMap<string, Bucket>(ADDRESSES_MAX);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes one attempt or throws TOO_MANY_ATTEMPTS. */
  take(address: string): void {
    if (isLoopback(address)) return;
    const nowMs = this.#clock.monotonicMs();
    const known = this.#buckets.get(address) ?? { left: ATTEMPTS_BURST_MAX, atMs: nowMs };
    const refilled = known.left + ((nowMs - known.atMs) / 1000) * ATTEMPTS_PER_SECOND;
    const left = Math.min(ATTEMPTS_BURST_MAX, refilled);
    if (left < 1) {
      const retryAfterSeconds = Math.ceil((1 - left) / ATTEMPTS_PER_SECOND);
      throw new AppError(
        "TOO_MANY_ATTEMPTS",
        `cannot log in from here now: too many attempts; try again in ${retryAfterSeconds} s`,
        { retryAfterSeconds },
      );
    }
    this.#buckets.set(address, { left: left - 1, atMs: nowMs });
  }
}

function isLoopback(address: string): boolean {
  return address === "::1" || /^(::ffff:)?127\./.test(address);
}
