/** Counts in this process's memory: right for one server, and what is left when Redis is away. */
import type { Clock } from "#shared/time/clock.ts";
import { takeTurn } from "./arrival.ts";
import type { LimitedCalls, LimitVerdict, RateLimiter } from "./rate-limiter.ts";

/** Keys remembered; beyond it the one that called longest ago starts anew. */
export const LIMITED_KEYS_MAX = 50_000;

export class MemoryRateLimiter implements RateLimiter {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly trouble = undefined;
  readonly #nextMs = new Map<string, number>();

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  take({ key, policy, count }: LimitedCalls): LimitVerdict {
    const nowMs = this.#clock.monotonicMs();
    const keptMs = this.#nextMs.get(key) ?? nowMs;
    const { verdict, nextMs } = takeTurn(policy, count, { keptMs, nowMs });
    // Set anew at the end: the first key of the map is the one that called longest ago.
    this.#nextMs.delete(key);
    this.#nextMs.set(key, nextMs);
    if (this.#nextMs.size > LIMITED_KEYS_MAX) this.#forgetOldest();
    return verdict;
  }

  /** To find it takes time: what was deleted before it is gone over. */
  #forgetOldest(): void {
    const oldest = this.#nextMs.keys().next().value;
    if (oldest !== undefined) this.#nextMs.delete(oldest);
  }
}
