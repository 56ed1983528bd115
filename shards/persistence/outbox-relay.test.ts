import { expect, test } from "bun:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { BusMessageSchema } from "#proto/bus_pb.ts";
import { LocalHub } from "#shared/infra/bus/local-hub.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { until } from "#shared/testing/until.ts";
import { OutboxRelay } from "./outbox-relay.ts";

function createRelay() {
  const clock = new FakeClock();
  const hub = new LocalHub({ clock, source: "arena:1:eu-west-1" });
  const state = { away: false, tries: 0 };
  /** One that comes and goes. */
  const bus = {
    async send(...parameters: Parameters<LocalHub["send"]>) {
      state.tries += 1;
      if (state.away) throw new Error("away");
      await hub.send(...parameters);
    },
  };
  const heard: string[] = [];
  const handler = { failing: false };
  hub.consume("players", { name: "log" }, (messages) => {
    if (handler.failing) throw new Error("the database is away");
    heard.push(...messages.map(({ id }) => id));
  });
  const told: string[] = [];
  const relay = new OutboxRelay({ bus, clock, told: (ids) => told.push(...ids) });
  return { state, clock, heard, told, relay, handler };
}

function messageOf(id: string) {
  const payload = { case: "playerKilled", value: { killerId: id } } as const;
  const message = toBinary(BusMessageSchema, create(BusMessageSchema, { payload, priority: 7 }));
  return { id, topic: "players", message };
}

test("each message is sent at once with its own id, and done when the bus says so", async () => {
  const { relay, heard, told } = createRelay();
  relay.take([messageOf("first"), messageOf("second")]);
  await until("both", () => told.length === 2);
  expect([heard, told]).toEqual([
    ["first", "second"],
    ["first", "second"],
  ]);
});

test("what the bus does not take waits and is sent again, in order", async () => {
  const { relay, state, clock, heard, told } = createRelay();
  state.away = true;
  relay.take([messageOf("first")]);
  await until("a try", () => clock.pending > 0 && state.tries === 1);
  relay.take([messageOf("second")]);
  state.away = false;
  await until("the rest", () => {
    clock.advance(500);
    return told.length === 2;
  });
  expect([heard, told]).toEqual([
    ["first", "second"],
    ["first", "second"],
  ]);
});

test("a message is not done before whoever consumes it is", async () => {
  const { relay, clock, told, handler, state } = createRelay();
  handler.failing = true;
  relay.take([messageOf("first")]);
  await until("a try", () => state.tries === 1);
  clock.advance(200);
  await new Promise(setImmediate);
  expect(told).toEqual([]);
  handler.failing = false;
  await until("the message", () => {
    clock.advance(200);
    return told.length === 1;
  });
});
