import { expect, test } from "bun:test";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { FULL } from "../loop/closings.ts";
import { connectionId } from "../loop/connection-id.ts";
import { emptyRect } from "../loop/interest.ts";
import { Publication } from "../loop/publication.ts";
import { GatewayHost } from "./gateway-host.ts";
import type { GatewayMemory } from "./gateway-unit.ts";
import { ByteRing } from "./link/byte-ring.ts";
import { ChannelReader } from "./link/channel.ts";
import { SlotsReader } from "./link/publication-slots.ts";

const TICK_MS = 50;
const CLIENT = connectionId(0, 1);

/** A host whose gateway of paper takes what waits for it when it is told to and never else. */
async function setUp() {
  const clock = new FakeClock({ nowMs: 5_000 });
  const failures: string[] = [];
  let memory: GatewayMemory | undefined;
  const host = await GatewayHost.open({
    gateways: 1,
    mode: "development",
    host: "127.0.0.1",
    port: 0,
    origins: { mode: "development", allowed: [] },
    connectionsPerAddressMax: 20,
    messagesPerSecondMax: 60,
    legacyForm: undefined,
    shardKey: "arena:1:eu-west-1",
    keys: { keys: { keys: [] } },
    clock,
    slots: { columns: 1, cells: 1, keyframeBytes: 0, sendsMax: 10 },
    ask: async () => ({ status: 200, contentType: "text/plain", body: "" }),
    failed: (message) => failures.push(message),
    openGateway: async (init) => {
      memory = init.memory;
      const nothing = async () => undefined;
      return { port: 1, wake: () => undefined, sayGoodbye: nothing, close: nothing };
    },
  });
  if (memory === undefined) throw new Error("cannot test: no gateway was opened");
  const control = new ChannelReader(new ByteRing(memory.control));
  const slots = new SlotsReader(memory.slots);
  return {
    clock,
    failures,
    host,
    takeControl: () => control.drain({ message: () => undefined, bytes: () => undefined }),
    finishPublication: () => slots.finish(),
    tick(count = 1) {
      for (let tick = 0; tick < count; tick++) {
        clock.advance(TICK_MS);
        host.wake();
      }
    },
  };
}

function publish(host: GatewayHost): void {
  const publication = new Publication({ columns: 1, rows: 1 });
  publication.reset(5);
  publication.begin(CLIENT, 1, emptyRect());
  publication.end(emptyRect());
  publication.finish();
  host.publish(publication);
}

const sayClose = (host: GatewayHost) =>
  host.control({ kind: "close", connection: CLIENT, closing: FULL });

test.each([
  ["frames", publish],
  ["a control message", sayClose],
])("a gateway that leaves %s untaken for 10 s fails the shard, once", async (_, give) => {
  const { host, failures, tick } = await setUp();
  tick(1_000 / TICK_MS);
  give(host);
  tick(9_950 / TICK_MS);
  expect(failures).toEqual([]);
  tick(60_000 / TICK_MS);
  expect(failures).toEqual(["gateway 0 stood still for 10 s while work waited for it"]);
});

test("one that takes something now and then is slow, but works", async () => {
  const { host, failures, tick, takeControl, finishPublication } = await setUp();
  for (let round = 0; round < 5; round++) {
    publish(host);
    sayClose(host);
    tick(8_000 / TICK_MS);
    if (round % 2 === 0) finishPublication();
    else takeControl();
  }
  expect(failures).toEqual([]);
});

test("one that has nothing to do may do nothing for hours", async () => {
  const { host, failures, tick, finishPublication } = await setUp();
  publish(host);
  tick();
  finishPublication();
  tick(3_600_000 / TICK_MS);
  expect(failures).toEqual([]);
});

test("a process that was suspended does not blame its gateways", async () => {
  const { clock, host, failures, tick, finishPublication } = await setUp();
  publish(host);
  tick();
  clock.advance(3_600_000);
  tick();
  finishPublication();
  tick(20_000 / TICK_MS);
  expect(failures).toEqual([]);
});
