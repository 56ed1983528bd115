// What is NATS' own about the bus; the rest is in conformance.test.ts.
import { expect, test } from "bun:test";
import { jetstreamManager } from "@nats-io/jetstream";
import { createLog } from "#shared/infra/log.ts";
import { startNats } from "#shared/testing/brokers.ts";
import { until } from "#shared/testing/until.ts";
import { systemClock } from "#shared/time/clock.ts";
import type { Retention } from "./broker-connection.ts";
import type { BusPayload } from "./bus.ts";
import { NatsBus } from "./nats-bus.ts";
import { openNats } from "./nats-client.ts";

const said: BusPayload = { case: "sessionsRevoked", value: { playerId: "ann" } };

async function createHouse(stream?: string) {
  const nats = await startNats();
  const lines: string[] = [];
  const log = createLog({ process: "test", write: (line) => void lines.push(line) });
  const connect = (retention: Partial<Retention> = {}) =>
    new NatsBus({ url: nats.url, stream, source: "a", clock: systemClock, log, retention });
  const admin = await openNats(nats.url);
  return {
    ...{ connect, lines, manager: await jetstreamManager(admin) },
    async [Symbol.asyncDispose]() {
      await admin.close();
      await nats[Symbol.asyncDispose]();
    },
  };
}

test("the stream keeps a day, and as much of each topic as it was told", async () => {
  await using house = await createHouse();
  const first = house.connect();
  await first.send("work", said);
  const { config } = await house.manager.streams.info("GLOBAL_EVENTS");
  expect(config).toMatchObject({
    subjects: ["tessera.sent.*"],
    max_age: 24 * 3_600 * 1e9,
    max_msgs_per_subject: 200_000,
    duplicate_window: 120 * 1e9,
    storage: "file",
  });
  await first.close();
  const second = house.connect({ lengthMax: 10, ageMs: 1_000, batchAgeMs: 3_600_000 });
  for (let count = 0; count < 15; count++) await second.send("work", said);
  const { config: changed, state } = await house.manager.streams.info("GLOBAL_EVENTS");
  expect(changed).toMatchObject({ max_age: 3_600 * 1e9, max_msgs_per_subject: 10 });
  expect(state.messages).toBe(10);
  await second.close();
});

test("a stream of another name is a bus of its own", async () => {
  await using house = await createHouse("GAME_2");
  const bus = house.connect();
  await bus.send("work", said);
  const { config, state } = await house.manager.streams.info("GAME_2");
  expect(config).toMatchObject({ subjects: ["tessera.GAME_2.sent.*"] });
  expect(state.messages).toBe(1);
  let count = 0;
  bus.consume("work", { name: "all" }, (messages) => {
    count += messages.length;
  });
  await until("what was sent", () => count === 1);
  await bus.presence({ name: "who", ttlMs: 60_000 }).put(new Map([["ann", "here"]]));
  await expect(house.manager.streams.info("GLOBAL_EVENTS")).rejects.toThrow("not found");
  await expect(house.manager.streams.info("KV_tessera-presence-who")).rejects.toThrow("not found");
  await bus.close();
});

test("a stream that is removed is made again, and its consumers go on", async () => {
  await using house = await createHouse();
  const bus = house.connect();
  let count = 0;
  bus.consume("work", { name: "all" }, (messages) => {
    count += messages.length;
  });
  await bus.send("work", said);
  await until("the first", () => count === 1);
  await house.manager.streams.delete("GLOBAL_EVENTS");
  await until("the second", async () => {
    await bus.send("work", said).catch(() => undefined);
    return count > 1;
  });
  await bus.close();
});
