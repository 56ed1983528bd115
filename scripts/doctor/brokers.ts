// The brokers on which processes meet, and in which servers count calls.
import { type BusStream, LOCAL, openBrokerBus } from "#shared/infra/bus/open-bus.ts";
import type { Log } from "#shared/infra/log.ts";
import { nameRedis, openRedis } from "#shared/infra/redis/redis-client.ts";
import type { Clock } from "#shared/time/clock.ts";
import { type Finding, reasonOf } from "./finding.ts";

const BUS_FIX = "start that broker, or mend TESSERA_BUS; in development: bun run services";
const REDIS_FIX = "start that Redis, or mend TESSERA_REDIS; in development: bun run services";
/** Nothing is put into it: only that it can be asked is of interest. */
const SET = { name: "doctor", ttlMs: 1_000 };

/** Whether the broker of the bus answers, and keeps what must arrive. */
export async function checkBus(
  address: string,
  clock: Clock,
  stream?: BusStream,
): Promise<Finding[]> {
  if (address === LOCAL) return [];
  const warnings: string[] = [];
  const silent = () => undefined;
  const log: Log = {
    ...{ debug: silent, info: silent, error: silent, child: () => log },
    warning: (text, fields) => void (fields === undefined && warnings.push(text)),
  };
  const bus = await openBrokerBus({ address, stream, source: "doctor", clock, log });
  const startMs = clock.monotonicMs();
  try {
    await bus.presence(SET).list();
    const ms = (clock.monotonicMs() - startMs).toFixed(0);
    const fix = "set appendonly yes and appendfsync always in redis.conf";
    return [
      { check: "bus", status: "ok", text: `the ${bus.kind} of the bus answers in ${ms} ms` },
      ...warnings.map((text) => ({ check: "bus", status: "warning", text, fix }) as const),
    ];
  } catch (error) {
    const text = bus.trouble ?? reasonOf(error);
    return [{ check: "bus", status: "problem", text, fix: BUS_FIX }];
  } finally {
    await bus.close();
  }
}

/** Whether the Redis in which calls are counted answers. */
export async function checkLimits(url: string | undefined): Promise<Finding[]> {
  if (url === undefined) return [];
  const check = "limits";
  const name = nameRedis(url);
  try {
    const redis = await openRedis(url);
    await redis.call("PING").finally(() => redis.close());
    return [{ check, status: "ok", text: `${name} answers` }];
  } catch (error) {
    const text = `${name} cannot be used: ${reasonOf(error)}`;
    return [{ check, status: "problem", text, fix: REDIS_FIX }];
  }
}
