import type { Log } from "#shared/infra/log.ts";
import type { Metrics } from "#shared/infra/metrics.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { ServerConfig } from "./config.ts";
import { MemoryRateLimiter } from "./limits/memory-rate-limiter.ts";
import type { RateLimiter } from "./limits/rate-limiter.ts";
import { RedisRateLimiter } from "./limits/redis-rate-limiter.ts";

/** Counts calls in the Redis that is configured, or that the bus is on; else in memory. */
export function createLimiter(
  { redis }: Pick<ServerConfig, "redis">,
  parts: { busAddress: string; clock: Clock; log: Log; metrics: Metrics },
): RateLimiter & { close(): Promise<void> } {
  const { busAddress, clock, log, metrics } = parts;
  const url = redis ?? (/^rediss?:/.test(busAddress) ? busAddress : undefined);
  if (url === undefined) {
    return Object.assign(new MemoryRateLimiter(clock), { close: async () => undefined });
  }
  const limiter = new RedisRateLimiter({ url, clock, log });
  metrics.gaugeOf("tessera_limits_shared", "1 while servers count calls together.", () =>
    limiter.trouble === undefined ? 1 : 0,
  );
  return limiter;
}
