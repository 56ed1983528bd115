import { expect, test } from "bun:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { type BusMessage, BusMessageSchema } from "#proto/bus_pb.ts";
import { LocalHub } from "#shared/infra/bus/local-hub.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { OutboxRelay } from "./outbox-relay.ts";

function createRelay() {
  const clock = new FakeClock();
  const hub = new LocalHub({ clock, source: "arena:1:eu-west-1" });
  /** One that comes and goes. */
  const bus = {
    connected: true,
    connections: 1,
    publish: hub.publish.bind(hub),
    subscribe: hub.subscribe.bind(hub),
    close: () => hub.close(),
  };
  const heard: BusMessage[] = [];
  hub.subscribe("players", (message) => heard.push(message));
  const told: string[] = [];
  const relay = new OutboxRelay({ bus, clock, told: (ids) => told.push(...ids) });
  const ids = () => heard.map(({ id }) => id);
  return { bus, clock, heard, ids, told, relay };
}

function messageOf(id: string, killerId: string) {
  const payload = { case: "playerKilled", value: { killerId } } as const;
  const message = toBinary(BusMessageSchema, create(BusMessageSchema, { payload }));
  return { id, topic: "players", message };
}

test("each message is told at once, with its own id, and is done a second later", () => {
  const { relay, heard, told, clock } = createRelay();
  relay.take([messageOf("first", "ann"), messageOf("second", "bob")]);
  expect(heard.map(({ id, payload }) => [id, payload.value])).toMatchObject([
    ["first", { killerId: "ann" }],
    ["second", { killerId: "bob" }],
  ]);
  clock.advance(999);
  relay.tell();
  expect(told).toEqual([]);
  clock.advance(1);
  relay.tell();
  expect(told).toEqual(["first", "second"]);
  expect(heard).toHaveLength(2);
});

test("what comes while the bus is away waits and is told when it is back", () => {
  const { relay, bus, ids, told, clock } = createRelay();
  bus.connected = false;
  relay.take([messageOf("first", "ann")]);
  relay.tell();
  expect([ids(), told]).toEqual([[], []]);
  bus.connected = true;
  relay.tell();
  relay.tell();
  expect(ids()).toEqual(["first"]);
  clock.advance(1_000);
  relay.tell();
  expect(told).toEqual(["first"]);
});

test.each([true, false])(
  "what went out right before the bus was lost is told again (the loss was seen: %p)",
  (isSeen) => {
    const { relay, bus, ids, told, clock } = createRelay();
    relay.take([messageOf("first", "ann")]);
    clock.advance(1_000);
    relay.take([messageOf("second", "bob")]);
    expect(told).toEqual(["first"]);
    clock.advance(900);
    if (isSeen) {
      bus.connected = false;
      relay.take([messageOf("third", "cid")]);
      bus.connected = true;
    }
    bus.connections = 2;
    clock.advance(500);
    relay.tell();
    const third = isSeen ? ["third"] : [];
    expect(ids()).toEqual(["first", "second", "second", ...third]);
    expect(told).toEqual(["first"]);
    clock.advance(1_000);
    relay.tell();
    expect(told).toEqual(["first", "second", ...third]);
  },
);
