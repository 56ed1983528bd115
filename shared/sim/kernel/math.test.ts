import { describe, expect, test } from "bun:test";
import { clamp, divideUp, mixBits } from "./math.ts";

describe("clamp", () => {
  test.each([
    [5, 0, 10, 5],
    [-1, 0, 10, 0],
    [11, 0, 10, 10],
    [0, 0, 10, 0],
    [10, 0, 10, 10],
  ])("%d in %d..%d is %d", (value, min, max, expected) => {
    expect(clamp(value, min, max)).toBe(expected);
  });
});

describe("divideUp", () => {
  test.each([
    [0, 5, 0],
    [1, 5, 1],
    [5, 5, 1],
    [6, 5, 2],
    [30_000, 1000, 30],
  ])("%d by %d is %d", (dividend, divisor, expected) => {
    expect(divideUp(dividend, divisor)).toBe(expected);
  });
});

test("mixBits maps different words to different words of 32 bits", () => {
  const mixed = new Set(Array.from({ length: 10_000 }, (_, word) => mixBits(word)));
  expect(mixed.size).toBe(10_000);
  for (const word of mixed) expect(word).toBe(word >>> 0);
});
