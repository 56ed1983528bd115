import { expect, test } from "bun:test";
import { createRandom } from "#shared/sim/index.ts";
import { TimeSync } from "./time-sync.ts";

const TICK_MS = 1_000 / 30;

/** Asymmetric noise on both ways, now and then a packet that is very late. */
function observe(sync: TimeSync, offsetMs: number, range: { fromMs: number; toMs: number }): void {
  const random = createRandom(3);
  for (let sentMs = range.fromMs; sentMs < range.toMs; sentMs += 1_000) {
    const there = 75 + random.below(30) + (random.below(20) === 0 ? 300 : 0);
    const back = 75 + random.below(30) + (random.below(20) === 0 ? 300 : 0);
    sync.observe(sentMs, sentMs + there + back, (sentMs + there + offsetMs) / TICK_MS);
  }
}

test("a single answer is believed", () => {
  const sync = new TimeSync({ tickRate: 30 });
  expect(sync.synchronised).toBe(false);
  sync.observe(1_000, 1_100, 60);
  expect(sync.synchronised).toBe(true);
  expect(sync.serverTick(1_050)).toBeCloseTo(60, 6);
  expect(sync.serverTick(2_050)).toBeCloseTo(90, 6);
  expect(sync.timeOf(90)).toBeCloseTo(2_050, 6);
});

test("the best round trip decides, late packets do not", () => {
  const sync = new TimeSync({ tickRate: 30 });
  observe(sync, 5_000, { fromMs: 0, toMs: 60_000 });
  const errorMs = sync.serverTick(60_000) * TICK_MS - 65_000;
  expect(Math.abs(errorMs)).toBeLessThan(10);
  expect(sync.rttBestMs).toBeLessThan(170);
  expect(sync.jumps).toBe(0);
});

test("the estimate bends without a jump and never runs backwards", () => {
  const sync = new TimeSync({ tickRate: 30 });
  observe(sync, 0, { fromMs: 0, toMs: 20_000 });
  let last = sync.serverTick(20_300);
  // The path gets longer one way, which looks like a clock that is off by 40 ms.
  for (let sentMs = 21_000; sentMs < 60_000; sentMs += 1_000) {
    sync.observe(sentMs, sentMs + 230, (sentMs + 155) / TICK_MS);
    for (let nowMs = sentMs + 230; nowMs < sentMs + 1_230; nowMs += 16) {
      const tick = sync.serverTick(nowMs);
      expect(tick - last).toBeGreaterThan(0);
      expect(tick - last).toBeLessThan((1_000 * 1.2) / TICK_MS);
      last = tick;
    }
  }
  expect(sync.jumps).toBe(0);
});

test("a shard that restarted with another clock is followed at once", () => {
  const sync = new TimeSync({ tickRate: 30 });
  observe(sync, 0, { fromMs: 0, toMs: 20_000 });
  sync.observe(21_000, 21_150, (21_075 - 8_000) / TICK_MS);
  expect(sync.jumps).toBe(1);
  expect(sync.serverTick(21_150) * TICK_MS).toBeCloseTo(13_150, 0);
});
