import { expect, test } from "bun:test";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { DiskWatch } from "./disk-watch.ts";

function createWatch() {
  const clock = new FakeClock();
  return { clock, watch: new DiskWatch(clock) };
}

test("a disk that answers at once is ok", () => {
  const { clock, watch } = createWatch();
  for (let tick = 1; tick <= 100; tick++) {
    watch.handed(tick);
    clock.advance(99);
    watch.committed(tick);
    expect(watch.read()).toEqual({ state: "ok", reason: "" });
  }
});

test("a commit that takes 100 ms is slow while it lasts and for two seconds after", () => {
  const { clock, watch } = createWatch();
  watch.handed(1);
  clock.advance(100);
  expect(watch.read()).toEqual({ state: "slow", reason: "a commit has taken 100 ms" });
  clock.advance(300);
  watch.committed(1);
  watch.handed(2);
  watch.committed(2);
  clock.advance(1_999);
  expect(watch.read()).toEqual({ state: "slow", reason: "a commit has taken 400 ms" });
  clock.advance(1);
  expect(watch.read().state).toBe("ok");
});

test("a disk that has not answered for two seconds is stalled, and slow once it answers", () => {
  const { clock, watch } = createWatch();
  watch.handed(1);
  clock.advance(1_000);
  watch.handed(2);
  clock.advance(1_500);
  expect(watch.read()).toEqual({
    state: "stalled",
    reason: "the disk has not answered for 2.5 s",
  });
  watch.committed(2);
  expect(watch.read()).toEqual({ state: "slow", reason: "a commit has taken 2500 ms" });
});

test("a write that fails is told in its own words until a commit comes", () => {
  const { watch } = createWatch();
  watch.handed(1);
  watch.troubled("cannot write shard database: the disk is full");
  expect(watch.read()).toEqual({
    state: "stalled",
    reason: "cannot write shard database: the disk is full",
  });
  watch.committed(1);
  expect(watch.read().state).toBe("ok");
});
