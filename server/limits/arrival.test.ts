import { expect, test } from "bun:test";
import fc from "fast-check";
import { takeTurn } from "./arrival.ts";

const policy = { quota: 10, windowSeconds: 60 };

test("a quota at once, then one each time a window's share has passed", () => {
  let keptMs = 0;
  const take = (nowMs: number, count = 1) => {
    const { verdict, nextMs } = takeTurn(policy, count, { keptMs, nowMs });
    keptMs = nextMs;
    return verdict;
  };
  expect(take(0, 9)).toEqual({
    allowed: true,
    remaining: 1,
    resetSeconds: 54,
    retryAfterSeconds: 0,
  });
  expect(take(0, 2)).toEqual({
    allowed: false,
    remaining: 1,
    resetSeconds: 54,
    retryAfterSeconds: 6,
  });
  expect(take(0).remaining).toBe(0);
  expect(take(5_999).allowed).toBe(false);
  expect(take(6_000).allowed).toBe(true);
  expect(take(6_000).allowed).toBe(false);
  expect(take(600_000, 10).allowed).toBe(true);
});

test("never more than quota and what time gave back, and who waits as told passes", () => {
  const step = fc.record({ waitMs: fc.nat(20_000), count: fc.integer({ min: 1, max: 10 }) });
  const policies = fc.record({
    quota: fc.integer({ min: 10, max: 1_000 }),
    windowSeconds: fc.integer({ min: 1, max: 900 }),
  });
  fc.assert(
    fc.property(policies, fc.array(step, { maxLength: 60 }), (given, steps) => {
      let [keptMs, nowMs, passed] = [0, 0, 0];
      for (const { waitMs, count } of steps) {
        nowMs += waitMs;
        const { verdict, nextMs } = takeTurn(given, count, { keptMs, nowMs });
        if (verdict.allowed) passed += count;
        else {
          expect(verdict.remaining).toBeLessThan(count);
          const laterMs = nowMs + verdict.retryAfterSeconds * 1000;
          expect(takeTurn(given, count, { keptMs: nextMs, nowMs: laterMs }).verdict.allowed).toBe(
            true,
          );
        }
        keptMs = nextMs;
        const share = (nowMs / 1000 / given.windowSeconds) * given.quota;
        expect(passed).toBeLessThanOrEqual(given.quota + share + 0.001);
      }
    }),
    { seed: 7, numRuns: 300 },
  );
});
