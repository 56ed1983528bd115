import { expect, test } from "bun:test";
import { createMetrics } from "#shared/infra/metrics.ts";
import { LoopWorkbench } from "./testing/loop-workbench.ts";
import { TickDriver } from "./tick-driver.ts";

/** A shard's loop over a disk that never answers. */
function setUp() {
  const bench = new LoopWorkbench();
  bench.isDiskSlow = true;
  const lease = { holds: true };
  const intervals: number[] = [];
  const driver = new TickDriver({
    clock: bench.clock,
    tickRate: 20,
    lease,
    metrics: createMetrics({ process: "shard", clock: bench.clock }),
    loopMetrics: {
      ticked() {},
      followed: (intervalMs) => intervals.push(intervalMs),
      skippedTicks() {},
      committed() {},
    },
    host: { unfinished: 0, collect() {}, wake() {} },
    loop: bench.loop,
  });
  driver.start();
  return { bench, lease, driver, intervals };
}

test("nothing happens without the lease", () => {
  const { bench, lease } = setUp();
  bench.clock.advance(1_000);
  const { tick } = bench.loop;
  expect(tick).toBeGreaterThan(10);
  lease.holds = false;
  bench.clock.advance(1_000);
  expect(bench.loop.tick).toBe(tick);
});

test("the time between two ticks is told, and none over a time without the lease", () => {
  const { bench, lease, intervals } = setUp();
  bench.clock.advance(200);
  expect(intervals).toEqual([50, 50, 50, 50]);
  lease.holds = false;
  bench.clock.advance(1_000);
  lease.holds = true;
  intervals.length = 0;
  bench.clock.advance(100);
  expect(intervals).toEqual([50]);
});

test("commits that come while the lease is in doubt let a world go on that stood still", () => {
  const { bench, lease, driver } = setUp();
  bench.clock.advance(11_000);
  const { tick } = bench.loop;
  expect(bench.loop.storageState).toBe("stalled");
  lease.holds = false;
  driver.committed(tick);
  expect(bench.loop.uncommittedTicks).toBe(tick);
  lease.holds = true;
  bench.clock.advance(1_000);
  expect(bench.loop.storageState).not.toBe("stalled");
  expect(bench.loop.tick).toBeGreaterThan(tick);
});
