import { expect, test } from "bun:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { type BusMessage, BusMessageSchema } from "#proto/bus_pb.ts";
import { LocalHub } from "#shared/infra/bus/local-hub.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { OutboxRelay } from "./outbox-relay.ts";

function createRelay() {
  const hub = new LocalHub({ clock: new FakeClock(), source: "arena:1:eu-west-1" });
  /** One that comes and goes. */
  const bus = {
    connected: true,
    publish: hub.publish.bind(hub),
    subscribe: hub.subscribe.bind(hub),
    close: () => hub.close(),
  };
  const heard: BusMessage[] = [];
  hub.subscribe("players", (message) => heard.push(message));
  const told: string[] = [];
  return { bus, heard, told, relay: new OutboxRelay(bus, (ids) => told.push(...ids)) };
}

function messageOf(id: string, killerId: string) {
  const payload = { case: "playerKilled", value: { killerId } } as const;
  const message = toBinary(BusMessageSchema, create(BusMessageSchema, { payload }));
  return { id, topic: "players", message };
}

test("each message is told with its own id", () => {
  const { relay, heard, told } = createRelay();
  relay.take([messageOf("first", "ann"), messageOf("second", "bob")]);
  expect(heard.map(({ id, payload }) => [id, payload.value])).toMatchObject([
    ["first", { killerId: "ann" }],
    ["second", { killerId: "bob" }],
  ]);
  expect(told).toEqual(["first", "second"]);
});

test("what comes while the bus is away waits and is told when it is back", () => {
  const { relay, bus, heard, told } = createRelay();
  bus.connected = false;
  relay.take([messageOf("first", "ann")]);
  relay.tell();
  expect([heard, told]).toEqual([[], []]);
  bus.connected = true;
  relay.tell();
  relay.tell();
  expect(heard).toHaveLength(1);
  expect(told).toEqual(["first"]);
});
