import { expect, test } from "bun:test";
import { createRandom } from "#shared/sim/index.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { PacketPath, type PathConditions } from "./packet-path.ts";

function record(conditions: PathConditions, seed: number): { first: number; atMs: number }[] {
  const clock = new FakeClock();
  const arrivals: { first: number; atMs: number }[] = [];
  const path = new PacketPath({
    clock,
    random: createRandom(seed),
    conditions,
    deliver: (bytes) => arrivals.push({ first: bytes[0] ?? -1, atMs: clock.monotonicMs() }),
  });
  for (let index = 0; index < 200; index += 1) {
    path.send(Uint8Array.of(index));
    clock.advance(10);
  }
  clock.advance(10_000);
  return arrivals;
}

const BAD: PathConditions = { latencyMs: 75, jitterMs: 30, loss: 0.1, retransmitMs: 200 };

test("a clean path delivers after its latency", () => {
  const clean = { latencyMs: 75, jitterMs: 0, loss: 0, retransmitMs: 200 };
  for (const { first, atMs } of record(clean, 1)) expect(atMs).toBe(first * 10 + 75);
});

test("everything arrives once and in order, however bad the path", () => {
  const arrivals = record(BAD, 7);
  expect(arrivals.map(({ first }) => first)).toEqual(Array.from({ length: 200 }, (_, i) => i));
});

test("a loss holds up what comes after it", () => {
  const late = record(BAD, 7).filter(({ first, atMs }) => atMs - first * 10 > 105);
  expect(late.length).toBeGreaterThan(20);
});

test("the same seed gives the same path", () => {
  expect(record(BAD, 3)).toEqual(record(BAD, 3));
  expect(record(BAD, 3)).not.toEqual(record(BAD, 4));
});

test("a cut path delivers nothing, not even what is on its way", () => {
  const clock = new FakeClock();
  const arrivals: Uint8Array[] = [];
  const path = new PacketPath({
    clock,
    random: createRandom(1),
    conditions: BAD,
    deliver: (bytes) => arrivals.push(bytes),
  });
  path.send(Uint8Array.of(1));
  path.cut();
  clock.advance(10_000);
  expect(arrivals).toEqual([]);
});

test("a browser's timers, which round, do not change the order", () => {
  const clock = new FakeClock();
  const arrivals: number[] = [];
  const path = new PacketPath({
    clock: {
      monotonicMs: () => clock.monotonicMs(),
      wallMs: () => clock.wallMs(),
      schedule: (delayMs, callback) => clock.schedule(Math.floor(delayMs), callback),
    },
    random: createRandom(7),
    conditions: BAD,
    deliver: (bytes) => arrivals.push(bytes[0] ?? -1),
  });
  for (let index = 0; index < 200; index += 1) {
    path.send(Uint8Array.of(index));
    clock.advance(0.3);
  }
  clock.advance(10_000);
  expect(arrivals).toEqual(Array.from({ length: 200 }, (_, index) => index));
});
