import { expect, test } from "bun:test";
import { Liveness } from "./liveness.ts";

const KIB = 1_024;

test("a client that reads is pinged every 1.8 s, and may be sent any amount", () => {
  const liveness = new Liveness(0);
  let pings = 0;
  for (let nowMs = 0; nowMs < 60_000; nowMs += 100) {
    expect([liveness.isFull, liveness.isSilent(nowMs)]).toEqual([false, false]);
    if (!liveness.sent(2 * KIB, nowMs)) continue;
    liveness.pinged(++pings, nowMs);
    expect(liveness.ponged(pings, nowMs + 50)).toBe(true);
  }
  expect(pings).toBe(31);
});

test("one that reads no more is silent less than 5 s after its last answer", () => {
  const liveness = new Liveness(0);
  expect(liveness.sent(100, 1_799)).toBe(false);
  expect(liveness.sent(100, 1_800)).toBe(true);
  liveness.pinged(7, 1_800);
  expect(liveness.sent(100, 4_000)).toBe(false);
  expect(liveness.isSilent(4_199)).toBe(false);
  expect(liveness.isSilent(4_200)).toBe(true);
});

test("what was sent behind a ping is not proven by its answer", () => {
  const liveness = new Liveness(0);
  expect(liveness.sent(64 * KIB, 0)).toBe(true);
  liveness.pinged(1, 0);
  liveness.sent(129 * KIB, 10);
  expect(liveness.isFull).toBe(true);
  liveness.ponged(1, 20);
  expect(liveness.isFull).toBe(false);
  expect(liveness.sent(1, 30)).toBe(true);
});

test("an answer that answers nothing proves nothing", () => {
  const liveness = new Liveness(0);
  expect(liveness.ponged(0, 10)).toBe(false);
  liveness.sent(100, 2_000);
  liveness.pinged(7, 2_000);
  expect(liveness.ponged(8, 2_010)).toBe(false);
  expect(liveness.isSilent(5_000)).toBe(true);
  expect(liveness.ponged(7, 5_010)).toBe(true);
  expect(liveness.ponged(7, 5_020)).toBe(false);
});
