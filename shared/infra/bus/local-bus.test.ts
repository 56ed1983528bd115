import { afterEach, expect, test } from "bun:test";
import { type BusMessage, ShardPhase } from "#proto/bus_pb.ts";
import { createLog } from "#shared/infra/log.ts";
import { systemClock } from "#shared/time/clock.ts";
import type { BusPayload } from "./bus.ts";
import { serveHub } from "./hub.fixture.ts";
import { LocalBus } from "./local-bus.ts";
import { LocalHub } from "./local-hub.ts";

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

function startHub(port = 0) {
  const served = serveHub({ port });
  stops.push(served.stop);
  return served;
}

function connect(serverUrl: string, source: string, clusterSecret = "secret"): LocalBus {
  const log = createLog({ process: "test", write: () => undefined });
  const bus = new LocalBus({ serverUrl, clusterSecret, source, clock: systemClock, log });
  stops.push(() => bus.close());
  return bus;
}

/** Resolves with the first message on a topic that is accepted. */
function first(
  bus: { subscribe: LocalBus["subscribe"] },
  topic: string,
  accept: (message: BusMessage) => boolean = () => true,
): Promise<BusMessage> {
  return new Promise((resolve) => {
    const stop = bus.subscribe(topic, (message) => {
      if (!accept(message)) return;
      stop();
      resolve(message);
    });
  });
}

const status = (population: number): BusPayload => ({
  case: "shardStatus",
  value: { shardKey: "arena:1:eu-west-1", phase: ShardPhase.SERVING, population },
});
const revoked: BusPayload = { case: "sessionsRevoked", value: { playerId: "ann", reason: "" } };

test("a message reaches the server and every other subscriber, not its sender", async () => {
  const { hub, url } = startHub();
  const sender = connect(url, "one");
  const other = connect(url, "two");
  const own: BusMessage[] = [];
  sender.subscribe("shards", (message) => own.push(message));
  const atServer = first(hub, "shards");
  const atOther = first(other, "shards");
  // The other's subscription is on its way: what it sends after it proves that it arrived.
  other.publish("hello", revoked);
  await first(hub, "hello");
  sender.publish("shards", status(3));
  expect((await atServer).source).toBe("one");
  const message = await atOther;
  expect(message.payload).toMatchObject({ case: "shardStatus", value: { population: 3 } });
  expect((await atServer).id).toBe(message.id);
  expect(own).toEqual([]);
});

test("the server reaches subscribers of the topic only", async () => {
  const { hub, url } = startHub();
  const bus = connect(url, "one");
  const got: string[] = [];
  bus.subscribe("shards", ({ topic }) => got.push(topic));
  const wanted = first(bus, "sessions");
  bus.publish("hello", revoked);
  await first(hub, "hello");
  hub.publish("other", revoked);
  hub.publish("sessions", revoked);
  expect((await wanted).payload.case).toBe("sessionsRevoked");
  expect(got).toEqual([]);
});

test("after the server's restart messages flow again, those in between are sent then", async () => {
  const before = startHub();
  const bus = connect(before.url, "one");
  bus.publish("hello", revoked);
  await first(before.hub, "hello");
  await before.stop();
  while (bus.connected) await new Promise(setImmediate);
  bus.publish("shards", status(7));
  const after = startHub(before.port);
  const late = first(after.hub, "shards");
  const answer = first(bus, "sessions");
  expect((await late).payload).toMatchObject({ value: { population: 7 } });
  after.hub.publish("sessions", revoked);
  await answer;
});

test("a wrong secret never gets in", async () => {
  const { hub, url } = startHub();
  const got: BusMessage[] = [];
  hub.subscribe("shards", (message) => got.push(message));
  const wrong = connect(url, "wrong", "guess");
  const right = connect(url, "right");
  wrong.publish("shards", status(1));
  right.publish("hello", revoked);
  await first(hub, "hello");
  expect(wrong.connected).toBe(false);
  expect(got).toEqual([]);
});

test("what is no bus message closes the connection with 1007", () => {
  const hub = new LocalHub({ clock: systemClock, source: "server" });
  const closes: number[] = [];
  const connection = { send: () => undefined, close: (code: number) => closes.push(code) };
  hub.open(connection);
  hub.message(connection, new Uint8Array([255, 255]));
  expect(closes).toEqual([1007]);
});
