/** Counts in Redis, so that all servers count together; alone, in memory, while Redis is away. */
import { BrokerLink, type LinkTimings } from "#shared/infra/broker-link.ts";
import type { Log } from "#shared/infra/log.ts";
import { nameRedis, openRedis, type RedisClient } from "#shared/infra/redis/redis-client.ts";
import type { Clock } from "#shared/time/clock.ts";
import { judgeCalls, ROUNDING_MS } from "./arrival.ts";
import { MemoryRateLimiter } from "./memory-rate-limiter.ts";
import type { LimitedCalls, LimitVerdict, RateLimiter } from "./rate-limiter.ts";

/** A request waits for it, so it is short. */
const CALL_MS = 250;

/**
 * KEYS: the caller's. ARGV: milliseconds between two calls, of the window, number of calls. Gives
 * how far ahead the next turn was, from which the caller finds what was decided here: judgeCalls
 * in arrival.ts, on the clock of Redis.
 */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local ahead = (tonumber(redis.call('GET', KEYS[1])) or now) - now
local wanted = math.max(ahead, 0) + ARGV[3] * ARGV[1]
if wanted <= ARGV[2] + ${ROUNDING_MS} then
  redis.call('SET', KEYS[1], string.format('%.17g', now + wanted), 'PX', math.ceil(wanted) + 1)
end
return string.format('%.17g', ahead)`;

export interface RedisRateLimiterOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly timings?: Partial<LinkTimings>;
}

/** Calls counted while Redis is away are forgotten when it is back. */
export class RedisRateLimiter implements RateLimiter {
  readonly #memory: MemoryRateLimiter;
  readonly #link: BrokerLink<RedisClient>;
  readonly #name: string;

  constructor({ url, clock, log, timings }: RedisRateLimiterOptions) {
    this.#memory = new MemoryRateLimiter(clock);
    this.#name = nameRedis(url);
    this.#link = new BrokerLink({
      name: `${this.#name}, in which calls are counted`,
      open: () => openRedis(url),
      clock,
      log,
      timings: { callMs: CALL_MS, ...timings },
    });
  }

  get trouble(): string | undefined {
    const reason = this.#link.trouble;
    if (reason === undefined) return undefined;
    return `each server counts calls alone: ${this.#name} is away: ${reason}`;
  }

  async take(calls: LimitedCalls): Promise<LimitVerdict> {
    if (this.#link.current === undefined) return this.#memory.take(calls);
    try {
      return await this.#link.call((redis) => takeIn(redis, calls));
    } catch {
      return this.#memory.take(calls); // The link says that Redis is away, once it is sure.
    }
  }

  async close(): Promise<void> {
    await this.#link.close();
  }
}

async function takeIn(
  redis: RedisClient,
  { key, policy, count }: LimitedCalls,
): Promise<LimitVerdict> {
  const windowMs = policy.windowSeconds * 1000;
  const amounts = [windowMs / policy.quota, windowMs, count].map(String);
  const ahead = await redis.call("EVAL", TAKE, "1", `tessera:limit:${key}`, ...amounts);
  return judgeCalls(policy, count, Number(String(ahead))).verdict;
}
