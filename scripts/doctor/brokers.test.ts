import { expect, test } from "bun:test";
import { startNats, startRedis } from "#shared/testing/brokers.ts";
import { systemClock } from "#shared/time/clock.ts";
import { checkBus, checkLimits } from "./brokers.ts";

test.each([
  ["redis", startRedis],
  ["nats", startNats],
] as const)(
  "a %s that answers, refuses, is away",
  async (kind, start) => {
    await using broker = await start("right-word");
    const [well, ...none] = await checkBus(broker.url, systemClock);
    expect(well).toMatchObject({ check: "bus", status: "ok" });
    expect(well?.text).toMatch(new RegExp(`^the ${kind} of the bus answers in \\d+ ms$`));
    expect(none).toEqual([]);
    const [refused] = await checkBus(broker.url.replace("right-word", "wrong"), systemClock);
    expect(refused?.status).toBe("problem");
    expect(refused?.text).toContain("refuses the user");
    await broker.service.kill();
    const [away] = await checkBus(broker.url, systemClock);
    expect(away?.text).toContain("nobody listens there");
    expect(away?.fix).toContain("bun run services");
  },
  30_000,
);

test("the Redis of limits, and a bus that needs no broker", async () => {
  await using redis = await startRedis("right-word");
  expect(await checkLimits(undefined)).toEqual([]);
  expect(await checkBus("local:", systemClock)).toEqual([]);
  const [well] = await checkLimits(redis.url);
  expect(well?.text).toMatch(/^redis:\/\/127.0.0.1:\d+ answers$/);
  const [refused] = await checkLimits(redis.url.replace("right-word", "wrong"));
  expect(refused?.text).toMatch(/^redis:\/\/127.0.0.1:\d+ cannot be used: Redis refuses/);
}, 30_000);
