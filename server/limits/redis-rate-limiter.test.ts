import { expect, test } from "bun:test";
import { join } from "node:path";
import { createLog } from "#shared/infra/log.ts";
import { startRedis } from "#shared/testing/brokers.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { until } from "#shared/testing/until.ts";
import { systemClock } from "#shared/time/clock.ts";
import { spawnServer } from "../testing/server-process.ts";
import { RedisRateLimiter } from "./redis-rate-limiter.ts";

/** So slow that nothing comes back while a test runs. */
const SLOW = { quota: 10, windowSeconds: 10_000 };
const TIMINGS = { callMs: 300, pingMs: 500, pingEveryMs: 50, retryMsMin: 10, retryMsMax: 50 };

function createLimiter(url: string, lines: string[] = []) {
  const log = createLog({ process: "test", write: (line) => void lines.push(line) });
  return new RedisRateLimiter({ url, clock: systemClock, log, timings: TIMINGS });
}

const shared = (...limiters: RedisRateLimiter[]) =>
  until("Redis", () => limiters.every(({ trouble }) => trouble === undefined));

test("two count together, never more than the quota", async () => {
  await using redis = await startRedis();
  const [one, two] = [createLimiter(redis.url), createLimiter(redis.url)];
  await shared(one, two);
  const take = (limiter: RedisRateLimiter, count = 1) =>
    limiter.take({ key: "ann", policy: SLOW, count });
  expect(await take(one, 3)).toMatchObject({ allowed: true, remaining: 7, retryAfterSeconds: 0 });
  expect(await take(two)).toMatchObject({ allowed: true, remaining: 6 });
  const refused = await take(one, 7);
  expect(refused).toMatchObject({ allowed: false, remaining: 6 });
  expect(refused.retryAfterSeconds).toBeGreaterThan(990);
  expect(refused.retryAfterSeconds).toBeLessThanOrEqual(1_000);
  const burst = await Promise.all([one, two, one, two, one, two, one, two].map((by) => take(by)));
  expect(burst.filter(({ allowed }) => allowed)).toHaveLength(6);
  expect(await two.take({ key: "bob", policy: SLOW, count: 10 })).toMatchObject({ allowed: true });
  await Promise.all([one.close(), two.close()]);
});

test.each(["killed", "frozen"] as const)(
  "while Redis is %s each counts alone and says so, and together again after",
  async (how) => {
    await using redis = await startRedis();
    const lines: string[] = [];
    const limiter = createLimiter(redis.url, lines);
    await shared(limiter);
    const take = () => limiter.take({ key: "ann", policy: SLOW, count: 1 });
    for (let call = 0; call < 4; call++) await take();
    if (how === "killed") await redis.service.kill();
    else redis.service.freeze();
    // Nobody waits for Redis longer than for one answer.
    expect(await take()).toMatchObject({ allowed: true, remaining: 9 });
    const told = await until("it to be missed", () => limiter.trouble);
    expect(told).toMatch(/^each server counts calls alone: redis:\/\/127.0.0.1:\d+ is away: /);
    expect(await take()).toMatchObject({ allowed: true, remaining: 8 });
    if (how === "killed") await redis.service.restart();
    else redis.service.thaw();
    await shared(limiter);
    const verdict = await take();
    // A call that was on its way when Redis froze may have been counted there.
    expect([5, 4]).toContain(verdict.remaining);
    const said = lines.map((line) => /broker is (away|back)/.exec(line)?.[1]);
    expect(said).toEqual(["away", "back"]);
    await limiter.close();
  },
);

test("two server processes share a limit; with Redis killed they answer, and say so", async () => {
  await using redis = await startRedis();
  await using folder = createTempDir();
  const environment = (name: string) => ({
    TESSERA_DATA: join(folder.path, name),
    TESSERA_REDIS: redis.url,
    TESSERA_TRUSTED_PROXIES: "127.0.0.1",
  });
  await using one = spawnServer(environment("one"));
  await using two = spawnServer(environment("two"));
  const urls = [await one.ready, await two.ready] as const;
  const ask = async (url: string, path: string) => await (await fetch(`${url}${path}`)).text();
  /** What is left of the calls of one address, a tenth of which come back in 20 s. */
  const left = async (url: string) => {
    const answer = await fetch(`${url}/api/auth/guest`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-forwarded-for": "203.0.113.7" },
      body: "{}",
    });
    expect(answer.status).toBe(200);
    return Number(/"auth-address";r=(\d+)/.exec(answer.headers.get("ratelimit") ?? "")?.[1]);
  };
  const together = () =>
    until("both on Redis", async () => {
      const answers = await Promise.all(urls.map((url) => ask(url, "/metrics")));
      return answers.every((text) => text.includes('tessera_limits_shared{process="server"} 1'));
    });
  await together();
  for (let call = 0; call < 100; call++) await left(urls[0]);
  expect(await left(urls[1])).toBeLessThan(180);
  await redis.service.kill();
  expect(await left(urls[1])).toBe(199);
  const health = await until("a word of it", async () => {
    const text = await ask(urls[1], "/health");
    return text.includes("each server counts calls alone") && text;
  });
  expect(health).toContain('"status":"degraded"');
  expect(await ask(urls[1], "/ready")).toContain('"status":"ready","degraded":"each server');
  expect(two.said()).toContain("in which calls are counted");
  await redis.service.restart();
  await together();
  expect(await left(urls[1])).toBeLessThan(190);
}, 60_000);
