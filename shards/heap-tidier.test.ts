import { expect, test } from "bun:test";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { HeapTidier } from "./heap-tidier.ts";

test("collects every ten seconds, when there is time", () => {
  const clock = new FakeClock();
  let collections = 0;
  const heap = new HeapTidier(clock, () => {
    collections += 1;
  });
  const counts = [0, 9_999, 1, 5_000, 20_000, 1, 9_999].map((ms) => {
    clock.advance(ms);
    heap.tidy();
    return collections;
  });
  expect(counts).toEqual([0, 0, 1, 1, 2, 2, 3]);
});
