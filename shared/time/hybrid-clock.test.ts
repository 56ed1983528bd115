import { expect, test } from "bun:test";
import { createRandom } from "#shared/sim/kernel/random.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import type { Clock } from "./clock.ts";
import {
  compareStamps,
  HybridClock,
  laterStamp,
  makeStamp,
  STAMP_AHEAD_MS_MAX,
  STAMP_ZERO,
  type Stamp,
  stampMs,
} from "./hybrid-clock.ts";

const START_MS = 1_800_000_000_000;

/** A clock whose wall is set by whoever looks after the machine. */
class WrongClock implements Clock {
  readonly #time = new FakeClock({ wallStartMs: START_MS });
  wrongMs = 0;
  monotonicMs = () => this.#time.monotonicMs();
  wallMs = () => this.#time.wallMs() + this.wrongMs;
  schedule = (delayMs: number, callback: () => void) => this.#time.schedule(delayMs, callback);
  advance = (byMs: number) => this.#time.advance(byMs);
}

/** What `stamp` is as one number of 64 bits. */
const whole = ({ hi, lo }: Stamp) => (BigInt(hi) << 32n) | BigInt(lo);

test.each([
  [0, 0],
  [1, 65_535],
  [65_535, 1],
  [65_536, 2],
  [START_MS, 7],
  [2 ** 48 - 1, 65_535],
])("the stamp of %d ms and counter %d is 48 bits of time and 16 of counter", (ms, counter) => {
  const stamp = makeStamp(ms, counter);
  expect(whole(stamp)).toBe((BigInt(ms) << 16n) | BigInt(counter));
  expect(stampMs(stamp)).toBe(ms);
});

test("stamps of a clock that stands still rise by the counter, then borrow a millisecond", () => {
  const clock = new HybridClock(new FakeClock({ wallStartMs: START_MS }));
  let last = clock.next();
  for (let given = 0; given < 65_536; given += 1) {
    const stamp = clock.next();
    expect(whole(stamp) > whole(last)).toBe(true);
    last = stamp;
  }
  expect(last).toEqual(makeStamp(START_MS + 1, 0));
});

test("a stamp that was received is below all that are given after it", () => {
  const clock = new HybridClock(new FakeClock({ wallStartMs: START_MS }));
  const ahead = makeStamp(START_MS + 5_000, 12);
  expect(clock.receive(ahead)).toBe(true);
  expect(clock.next()).toEqual(makeStamp(START_MS + 5_000, 13));
  expect(clock.receive(makeStamp(START_MS + 4_000, 99))).toBe(true);
  expect(clock.next()).toEqual(makeStamp(START_MS + 5_000, 14));
});

test("a stamp more than 60 s ahead is refused and leaves no trace", () => {
  const clock = new HybridClock(new FakeClock({ wallStartMs: START_MS }));
  const first = clock.next();
  expect(clock.receive(makeStamp(START_MS + STAMP_AHEAD_MS_MAX + 1))).toBe(false);
  expect(clock.last).toEqual(first);
  expect(clock.receive(makeStamp(START_MS + STAMP_AHEAD_MS_MAX))).toBe(true);
});

test("a clock that is set back goes on, and knows how far", () => {
  const wrong = new WrongClock();
  const clock = new HybridClock(wrong);
  const before = clock.next();
  wrong.wrongMs = -3_600_000;
  wrong.advance(1_000);
  const after = clock.next();
  expect(stampMs(after) - stampMs(before)).toBe(1_000);
  expect(clock.behindMs).toBe(3_600_000);
});

test("what a clock that was ahead has done is undone once others say so", () => {
  const wrong = new WrongClock();
  const clock = new HybridClock(wrong);
  clock.next();
  wrong.wrongMs = 3_600_000;
  expect(stampMs(clock.next())).toBe(START_MS + 3_600_000);
  wrong.wrongMs = 0;
  const seen = makeStamp(START_MS + 20, 3);
  clock.settle(seen);
  expect(clock.next()).toEqual(makeStamp(START_MS + 20, 4));
  wrong.advance(1_000);
  expect(clock.next()).toEqual(makeStamp(START_MS + 1_000));
});

test("a restart goes on above what was given before, whatever the clock says", () => {
  const before = makeStamp(START_MS + 500, 9);
  const clock = new HybridClock(new FakeClock({ wallStartMs: START_MS }), before);
  expect(compareStamps(clock.next(), before)).toBeGreaterThan(0);
});

test("who saw a write gives later stamps, with clocks 5 s apart that drift and jump", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const next = createRandom(seed).below;
    const clocks = [-5_000, 0, 5_000].map((wrongMs) => {
      const wrong = new WrongClock();
      wrong.wrongMs = wrongMs;
      return { wrong, hybrid: new HybridClock(wrong), seen: STAMP_ZERO };
    });
    for (let turn = 0; turn < 300; turn += 1) {
      const one = clocks[next(3)];
      const other = clocks[next(3)];
      if (one === undefined || other === undefined) continue;
      one.wrong.advance(next(20));
      // Drift, and now and then a jump; never more than 10 s from the truth.
      if (next(10) === 0) one.wrong.wrongMs = next(20_000) - 10_000;
      const stamp = one.hybrid.next();
      expect(compareStamps(stamp, one.seen)).toBeGreaterThan(0);
      one.seen = stamp;
      if (other.hybrid.receive(stamp)) other.seen = laterStamp(other.seen, stamp);
    }
  }
});
