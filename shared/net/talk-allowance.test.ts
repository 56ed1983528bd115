import { expect, test } from "bun:test";
import { LINE_EVERY_MS, LINES_AT_ONCE_MAX, TalkAllowance } from "./talk-allowance.ts";

test("a few lines pass at once, then one at a time, and silence brings all back", () => {
  const allowance = new TalkAllowance();
  const takeAll = (nowMs: number) => {
    for (let taken = 0; ; taken++) if (allowance.take(nowMs) > 0) return taken;
  };
  expect(takeAll(0)).toBe(LINES_AT_ONCE_MAX);
  expect(allowance.take(1_000)).toBe(LINE_EVERY_MS - 1_000);
  expect(takeAll(LINE_EVERY_MS)).toBe(1);
  // What was refused costs nothing.
  expect(takeAll(2 * LINE_EVERY_MS)).toBe(1);
  expect(takeAll(1_000_000)).toBe(LINES_AT_ONCE_MAX);
});
