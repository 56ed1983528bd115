import { expect, test } from "bun:test";
import { Backoff } from "./backoff.ts";

test("delays double from 100 ms to 5 s", () => {
  const backoff = new Backoff();
  const delays = Array.from({ length: 8 }, () => backoff.next(0));
  expect(delays).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
});

test("a life of 5 s starts them anew", () => {
  const backoff = new Backoff();
  backoff.next(0);
  backoff.next(4_999);
  expect(backoff.next(5_000)).toBe(100);
  expect(backoff.next(0)).toBe(200);
});
