import type { Bus } from "#shared/infra/bus/bus.ts";
import { addBusMetrics } from "#shared/infra/bus/bus-metrics.ts";
import { LocalHub } from "#shared/infra/bus/local-hub.ts";
import { chooseBus, chooseStream, LOCAL, openBrokerBus } from "#shared/infra/bus/open-bus.ts";
import type { Log } from "#shared/infra/log.ts";
import type { Metrics } from "#shared/infra/metrics.ts";
import type { RegionFile } from "#shared/infra/region-file.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { ServerConfig } from "./config.ts";
import { MemoryPositionIndex, type PositionIndex } from "./domains/positions/index.ts";
import { MemoryRateLimiter } from "./limits/memory-rate-limiter.ts";
import type { RateLimiter } from "./limits/rate-limiter.ts";

/** What servers of a deployment share beside the database. */
export interface Brokers {
  readonly bus: Bus;
  /** The bus itself, when it lives in this process. */
  readonly hub: LocalHub | undefined;
  readonly limiter: RateLimiter;
  readonly positionIndex: PositionIndex;
  close(): Promise<void>;
}

interface Parts {
  readonly regions: readonly RegionFile[];
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Opens what the settings name; what is away is connected to when it comes. */
export async function openBrokers(config: ServerConfig, parts: Parts): Promise<Brokers> {
  const { clock, log, metrics } = parts;
  const address = chooseBus(process.env, config.bus, parts.regions);
  const source = "server";
  const hub = address === LOCAL ? new LocalHub({ source, clock, log }) : undefined;
  const stream = chooseStream(process.env, parts.regions);
  const bus = hub ?? (await openBrokerBus({ address, stream, source, clock, log }));
  addBusMetrics(metrics, bus);
  const redis = config.redis ?? (/^rediss?:/.test(address) ? address : undefined);
  if (redis === undefined) {
    const own = {
      positionIndex: new MemoryPositionIndex(clock),
      limiter: new MemoryRateLimiter(clock),
    };
    return { bus, hub, ...own, close: () => bus.close() };
  }
  const { RedisRateLimiter } = await import("./limits/redis-rate-limiter.ts");
  const limiter = new RedisRateLimiter({ url: redis, clock, log });
  metrics.gaugeOf("tessera_limits_shared", "1 while servers count calls together.", () =>
    limiter.trouble === undefined ? 1 : 0,
  );
  const { RedisPositionIndex } = await import("./domains/positions/redis-position-index.ts");
  const positionIndex = new RedisPositionIndex({ url: redis, clock, log });
  metrics.gaugeOf("tessera_positions_waiting", "Positions to be written to Redis.", () => {
    return positionIndex.waiting;
  });
  metrics.counterOf("tessera_positions_written_total", "By result: written or dropped.", () => [
    { labels: { result: "written" }, value: positionIndex.figures.written },
    { labels: { result: "dropped" }, value: positionIndex.figures.dropped },
  ]);
  const close = async () => {
    await bus.close();
    await positionIndex.close();
    await limiter.close();
  };
  return { bus, hub, limiter, positionIndex, close };
}
