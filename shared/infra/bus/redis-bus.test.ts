// What is Redis' own about the bus; the rest is in conformance.test.ts.
import { expect, test } from "bun:test";
import { createLog } from "#shared/infra/log.ts";
import { openRedis } from "#shared/infra/redis/redis-client.ts";
import { startRedis } from "#shared/testing/brokers.ts";
import { until } from "#shared/testing/until.ts";
import { systemClock } from "#shared/time/clock.ts";
import type { Retention } from "./broker-connection.ts";
import type { BusPayload } from "./bus.ts";
import { RedisBus } from "./redis-bus.ts";

const said: BusPayload = { case: "sessionsRevoked", value: { playerId: "ann" } };
const STREAM = "tessera:stream:{work}";

async function createHouse(retention: Partial<Retention> = {}) {
  const redis = await startRedis();
  const lines: string[] = [];
  const log = createLog({ process: "test", write: (line) => void lines.push(line) });
  const connect = (database = "") =>
    new RedisBus({ url: redis.url + database, source: "a", clock: systemClock, log, retention });
  const admin = await openRedis(redis.url);
  const bus = connect();
  return {
    ...{ bus, admin, connect, lines },
    async [Symbol.asyncDispose]() {
      admin.close();
      await bus.close();
      await redis[Symbol.asyncDispose]();
    },
  };
}

test("a stream is bounded by length, whether anybody consumes or not", async () => {
  await using house = await createHouse({ lengthMax: 200 });
  await Promise.all(Array.from({ length: 1_000 }, () => house.bus.send("work", said)));
  const length = Number(await house.admin.call("XLEN", STREAM));
  // Redis removes whole nodes of a hundred.
  expect(length).toBeGreaterThanOrEqual(200);
  expect(length).toBeLessThanOrEqual(300);
});

test("a stream is bounded by age", async () => {
  await using house = await createHouse({ ageMs: 50 });
  await Promise.all(Array.from({ length: 1_000 }, () => house.bus.send("work", said)));
  await until("the old ones to go", async () => {
    await house.bus.send("work", said);
    return Number(await house.admin.call("XLEN", STREAM)) < 300;
  });
});

test("batches of regions are kept for a time of their own", async () => {
  await using house = await createHouse({ batchAgeMs: 50 });
  const topics = ["work", "region-blocks-1"];
  const send = () => Promise.all(topics.map((topic) => house.bus.send(topic, said)));
  for (let count = 0; count < 300; count += 1) await send();
  await until("the old ones to go", async () => {
    await send();
    return Number(await house.admin.call("XLEN", "tessera:stream:{region-blocks-1}")) < 250;
  });
  expect(Number(await house.admin.call("XLEN", STREAM))).toBeGreaterThan(300);
});

test("a stream of another name is a bus of its own", async () => {
  await using redis = await startRedis();
  const log = createLog({ process: "test", write: () => undefined });
  const options = { url: redis.url, source: "a", clock: systemClock, log };
  const bus = new RedisBus(options);
  const other = new RedisBus({ ...options, stream: "GAME_2" });
  const heard: string[] = [];
  other.subscribe("talk", ({ topic }) => void heard.push(topic));
  other.consume("work", { name: "all" }, () => void heard.push("work"));
  await other.send("work", said);
  await until("its own", () => heard.length === 1);
  await bus.send("work", said);
  bus.publish("talk", said);
  const admin = await openRedis(redis.url);
  expect(Number(await admin.call("XLEN", "tessera:GAME_2:stream:{work}"))).toBe(1);
  expect(heard).toEqual(["work"]);
  admin.close();
  await Promise.all([bus.close(), other.close()]);
});

test("what was trimmed before it was dealt with is counted, and the rest goes on", async () => {
  await using house = await createHouse();
  const held = Promise.withResolvers<void>();
  const seen: number[] = [];
  house.bus.consume("work", { name: "slow" }, (messages) => {
    seen.push(messages.length);
    return seen.length === 1 ? held.promise : undefined;
  });
  await house.bus.send("work", said);
  await until("the first", () => seen.length === 1);
  // It dies with this one in its hands, which is trimmed meanwhile; another takes over.
  await house.bus.send("work", said);
  await house.admin.call("XTRIM", STREAM, "MAXLEN", "0");
  await house.bus.send("work", said);
  held.resolve();
  await until("the last", () => seen.length >= 2);
  expect(seen.reduce((sum, count) => sum + count, 0)).toBe(2);
});

test("a stream that is deleted under its consumers is made again", async () => {
  await using house = await createHouse();
  let count = 0;
  house.bus.consume("work", { name: "all" }, (messages) => {
    count += messages.length;
  });
  await house.bus.send("work", said);
  await until("the first", () => count === 1);
  await house.admin.call("FLUSHALL");
  await house.bus.send("work", said);
  await until("the second", () => count === 2);
});

test("processes that are gone for good are forgotten, and who holds something is not", async () => {
  await using house = await createHouse({ ageMs: 50 });
  const members = async () => {
    const reply = await house.admin.call("XINFO", "CONSUMERS", STREAM, "all");
    return Array.isArray(reply) ? reply.length : 0;
  };
  const held = Promise.withResolvers<void>();
  const holder = house.connect();
  let isHeld = false;
  holder.consume("work", { name: "all" }, () => {
    isHeld = true;
    return held.promise;
  });
  await house.bus.send("work", said);
  await until("somebody to hold it", () => isHeld);
  const live = async () => {
    const bus = house.connect();
    bus.consume("work", { name: "all" }, () => undefined);
    await until("it to read", async () => (await members()) > 1);
    await bus.close();
  };
  for (let life = 0; life < 3; life++) await live();
  await until("the dead to be forgotten", async () => {
    await live();
    return (await members()) <= 2;
  });
  held.resolve();
  await holder.close();
});

test("databases of one Redis are buses of their own", async () => {
  await using house = await createHouse();
  const other = house.connect("/3");
  const heard: string[] = [];
  other.subscribe("news", () => heard.push("other"));
  other.consume("work", { name: "all" }, () => void heard.push("other"));
  const same = house.connect();
  same.subscribe("news", () => heard.push("same"));
  await house.bus.send("work", said);
  await until("the same one", () => {
    house.bus.publish("news", said);
    return heard.includes("same") && other.connected;
  });
  expect(heard).not.toContain("other");
  await Promise.all([other.close(), same.close()]);
});

test("a Redis that refuses messages is told of, and its senders know", async () => {
  await using house = await createHouse();
  await house.bus.send("work", said);
  await house.admin.call("CONFIG", "SET", "maxmemory", "1");
  await expect(house.bus.send("work", said)).rejects.toThrow(/^cannot send to work: OOM/);
  expect(house.bus.trouble).toMatch(/^the bus \(redis:\S+\) refuses messages: OOM/);
  expect(house.lines.join()).toContain("broker refuses messages");
  await house.admin.call("CONFIG", "SET", "maxmemory", "0");
  await house.bus.send("work", said);
  expect(house.bus.trouble).toBeUndefined();
});

test("a Redis without a log of changes is warned of", async () => {
  await using house = await createHouse();
  await house.admin.call("CONFIG", "SET", "appendonly", "no");
  const later = house.connect();
  await until("the warning", () => house.lines.join().includes("set appendonly yes"));
  await later.close();
});

test("a Redis that wants a password and is given none is told of once, with its fix", async () => {
  await using house = await createHouse();
  await until("the first connection", () => house.bus.connected);
  await house.admin.call("CONFIG", "SET", "requirepass", "secret");
  const later = house.connect();
  await until("the word", () => house.lines.join().includes("broker is away"));
  expect(later.trouble).toContain("Redis refuses the user or password (NOAUTH");
  expect(later.trouble).toContain("correct them in the address");
  await house.admin.call("CONFIG", "SET", "requirepass", "");
  await until("the connection", () => later.connected);
  expect(house.lines.filter((line) => line.includes("broker is away"))).toHaveLength(1);
  expect(later.connections).toBe(1);
  await later.close();
});

test.each([
  ["what is no Redis", "HTTP/1.1 400 Bad Request\r\n\r\n", "what listens there is no Redis"],
  ["one that hangs up", "", "Socket closed unexpectedly"],
])("an address of %s is told of once", async (_, greeting, reason) => {
  using server = Bun.listen({
    ...{ hostname: "127.0.0.1", port: 0 },
    socket: {
      open: (socket) => void socket.end(greeting),
      data: () => undefined,
    },
  });
  const lines: string[] = [];
  const log = createLog({ process: "test", write: (line) => void lines.push(line) });
  const url = `redis://127.0.0.1:${server.port}`;
  const bus = new RedisBus({ url, source: "a", clock: systemClock, log });
  await until(`the reason instead of ${bus.trouble}`, () => bus.trouble?.includes(reason), 3000);
  expect(lines).toHaveLength(1);
  await bus.close();
});
