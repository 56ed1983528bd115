/** Counts in this process's memory: right for one server, and what is left when Redis is away. */
import type { Clock } from "#shared/time/clock.ts";
import { takeTurn } from "./arrival.ts";
import type { LimitedCalls, LimitVerdict, RateLimiter } from "./rate-limiter.ts";
import { RecentMap } from "./recent-map.ts";

/** Keys remembered; beyond it the one that called longest ago starts anew. */
export const LIMITED_KEYS_MAX = 50_000;

export class MemoryRateLimiter implements RateLimiter {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly trouble = undefined;
  readonly #nextMs = new RecentMap<string, number>(LIMITED_KEYS_MAX);

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  take({ key, policy, count }: LimitedCalls): LimitVerdict {
    const nowMs = this.#clock.monotonicMs();
    const keptMs = this.#nextMs.get(key) ?? nowMs;
    const { verdict, nextMs } = takeTurn(policy, count, { keptMs, nowMs });
    this.#nextMs.set(key, nextMs);
    return verdict;
  }
}
