import { expect, test } from "bun:test";
import { ReceivedBatches } from "./received-batches.ts";

test("each batch counts once, in whichever order they come", () => {
  const received = new ReceivedBatches();
  for (const sequence of [2, 1, 5, 4]) {
    expect(received.has(7, sequence)).toBe(false);
    received.note(7, sequence);
    expect(received.has(7, sequence)).toBe(true);
  }
  expect(received.latest).toEqual({ incarnation: 7, sequence: 2 });
  received.note(7, 3);
  expect(received.latest).toEqual({ incarnation: 7, sequence: 5 });
});

test("a region's next life counts anew, and the last one is remembered", () => {
  const received = new ReceivedBatches();
  received.note(7, 1);
  expect(received.has(8, 1)).toBe(false);
  received.note(8, 1);
  expect(received.has(7, 1)).toBe(true);
  expect(received.latest).toEqual({ incarnation: 8, sequence: 1 });
});

test("what was learned in another way is not waited for, and is taken if it comes", () => {
  const received = new ReceivedBatches();
  received.note(7, 1);
  received.note(7, 9);
  received.excuse(7, 8);
  expect(received.latest).toEqual({ incarnation: 7, sequence: 9 });
  expect([received.has(7, 1), received.has(7, 4), received.has(7, 9)]).toEqual([true, false, true]);
  received.note(7, 4);
  expect(received.has(7, 4)).toBe(true);
});

test("what is remembered has an end", () => {
  const received = new ReceivedBatches();
  for (let sequence = 10; sequence < 10_000; sequence += 2) received.note(1, sequence);
  expect(received.has(1, 9_997)).toBe(false);
  expect(received.has(1, 9_996)).toBe(true);
  for (let life = 2; life < 20; life += 1) received.note(life, 1);
  expect(received.has(1, 9_996)).toBe(false);
});
