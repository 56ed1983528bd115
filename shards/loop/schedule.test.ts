import { expect, test } from "bun:test";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { Schedule } from "./schedule.ts";

function setUp(tickRate = 30) {
  const clock = new FakeClock({ nowMs: 1_000 });
  const intended: number[] = [];
  let skipped = 0;
  let delayMs = 0;
  const schedule = new Schedule({
    clock,
    tickRate,
    run: (intendedMs) => {
      intended.push(intendedMs);
      const spendMs = delayMs;
      delayMs = 0;
      clock.advance(spendMs);
    },
    skipped: (ticks) => {
      skipped += ticks;
    },
  });
  return {
    clock,
    intended,
    schedule,
    skipped: () => skipped,
    spendInNextTick: (ms: number) => {
      delayMs = ms;
    },
  };
}

test("ticks are due at the start plus whole intervals", () => {
  const { clock, intended, schedule } = setUp(20);
  schedule.start();
  clock.advance(200);
  expect(intended).toEqual([1_000, 1_050, 1_100, 1_150, 1_200]);
});

test("a tick that takes long does not move the ones after it", () => {
  const { clock, intended, schedule, spendInNextTick, skipped } = setUp(20);
  schedule.start();
  clock.advance(50);
  spendInNextTick(120);
  clock.advance(50);
  clock.advance(100);
  expect(intended.slice(0, 5)).toEqual([1_000, 1_050, 1_100, 1_150, 1_200]);
  expect(skipped()).toBe(0);
});

test("after a long pause missed ticks are given up and counted, the beat is kept", () => {
  const { clock, intended, schedule, spendInNextTick, skipped } = setUp(20);
  schedule.start();
  spendInNextTick(1_000);
  clock.advance(50);
  clock.advance(100);
  expect(skipped()).toBeGreaterThan(15);
  expect(intended.every((at) => (at - 1_000) % 50 === 0)).toBe(true);
});

test("nothing runs after a stop", () => {
  const { clock, intended, schedule } = setUp();
  schedule.start();
  schedule.stop();
  clock.advance(1_000);
  expect(intended).toEqual([]);
  expect(clock.pending).toBe(0);
});
