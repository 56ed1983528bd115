import { expect, test } from "bun:test";
import { ShardPhase } from "#proto/bus_pb.ts";
import { TOPIC_SHARDS } from "#shared/infra/bus/bus.ts";
import { LocalHub } from "#shared/infra/bus/local-hub.ts";
import { createLog } from "#shared/infra/log.ts";
import { WorldId } from "#shared/model/ids.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { ShardRegistry, SILENCE_MS_MAX } from "./shard-registry.ts";

function createRegistry(options: { isForeign?: () => boolean } = {}) {
  const clock = new FakeClock();
  const hub = new LocalHub({ clock, source: "test" });
  const bus = { connected: true, subscribe: hub.subscribe.bind(hub) };
  const log = createLog({ process: "test", write: () => undefined });
  const registry = new ShardRegistry({ bus, clock, log, ...options });
  const identity = { world: "arena", region: "eu-west-1", instance: 1, capacity: 9 };
  hub.publish(TOPIC_SHARDS, {
    case: "shardStatus",
    value: { ...identity, shardKey: "arena:1:eu-west-1", phase: ShardPhase.SERVING },
  });
  return { clock, bus, registry };
}

test("while the bus is away nobody is taken for gone, and after it all get time to speak", () => {
  const { clock, bus, registry } = createRegistry();
  const count = () => registry.list().length;
  bus.connected = false;
  clock.advance(10 * SILENCE_MS_MAX);
  expect(count()).toBe(1);
  bus.connected = true;
  clock.advance(SILENCE_MS_MAX - 500);
  expect(count()).toBe(1);
  clock.advance(1_500);
  expect(count()).toBe(0);
  registry.close();
});

test("a shard that another server leases is known, and is sent no players", () => {
  const arena = WorldId.parse("arena");
  for (const isForeign of [false, true]) {
    const { registry } = createRegistry({ isForeign: () => isForeign });
    expect(registry.list()).toHaveLength(1);
    expect(registry.assign(arena) === undefined).toBe(isForeign);
    registry.close();
  }
});
