import { expect, test } from "bun:test";
import { ShardPhase } from "#proto/bus_pb.ts";
import { TOPIC_SHARDS } from "#shared/infra/bus/bus.ts";
import { LocalHub } from "#shared/infra/bus/local-hub.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { OwnerWatch } from "./owner-watch.ts";

const KEY = "arena:1:eu-west-1";

function watch() {
  const clock = new FakeClock();
  const bus = new LocalHub({ clock, source: "test" });
  const owner = new OwnerWatch({ bus, clock, shardKey: KEY });
  return {
    clock,
    owner,
    says: (said: { tick: number; replicaTick: number; replicaGeneration: string }) =>
      bus.publish(TOPIC_SHARDS, {
        case: "shardStatus",
        value: { shardKey: KEY, phase: ShardPhase.SERVING, ...said },
      }),
  };
}

test("rows of before a wipe are noticed, though libSQL says that all is well", () => {
  const { clock, owner, says } = watch();
  expect(owner.findStale({ tick: 80, generation: "before" })).toBeUndefined();
  says({ tick: 100, replicaTick: 90, replicaGeneration: "after" });
  expect(owner.findStale({ tick: 95, generation: "before" })).toBeUndefined();
  clock.advance(3_000);
  expect(owner.findStale({ tick: 95, generation: "before" })).toBe(
    "the replica holds an older filling than the one that the owner ships to now: its primary " +
      "was wiped, and it did not notice; make the replica anew",
  );
  expect(owner.findStale({ tick: 95, generation: "after" })).toBeUndefined();
});

test("a replica that stands still is noticed, one that is a moment behind is not", () => {
  const { clock, owner, says } = watch();
  const followed = { tick: 90, generation: "one" };
  for (let tick = 91; tick < 95; tick += 1) {
    says({ tick: tick + 3, replicaTick: tick, replicaGeneration: "one" });
    expect(owner.findStale({ ...followed, tick: tick - 1 })).toBeUndefined();
    expect(owner.findStale({ ...followed, tick })).toBeUndefined();
    clock.advance(1_000);
  }
  expect(owner.findStale(followed)).toBeUndefined();
  clock.advance(3_000);
  expect(owner.findStale(followed)).toBe(
    "the replica stands still at tick 90, and its owner ships on; check that it follows its " +
      "primary",
  );
  expect(owner.tick).toBe(97);
});

test("an owner that does not ship, or has not spoken, says nothing of its replica", () => {
  const { clock, owner, says } = watch();
  says({ tick: 100, replicaTick: 0, replicaGeneration: "" });
  clock.advance(60_000);
  expect(owner.findStale({ tick: 1, generation: "old" })).toBeUndefined();
});
