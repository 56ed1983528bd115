import { expect, test } from "bun:test";
import { MessageLimit } from "./message-limit.ts";

test("security 4: messages beyond the rate are dropped until the next second", () => {
  const limit = new MessageLimit(3);
  const verdicts = [0, 1, 2, 3, 999, 1_000].map((nowMs) => limit.check(nowMs));
  expect(verdicts).toEqual(["pass", "pass", "pass", "drop", "drop", "pass"]);
});

test("security 4: five times the rate within a second closes", () => {
  const limit = new MessageLimit(3);
  const verdicts = Array.from({ length: 16 }, () => limit.check(0));
  expect(verdicts.filter((verdict) => verdict === "drop")).toHaveLength(12);
  expect(verdicts.at(-1)).toBe("close");
});

test("going over the rate second after second closes, a calm second forgives", () => {
  const limit = new MessageLimit(1);
  const second = (number: number, messages: number) =>
    Array.from({ length: messages }, () => limit.check(number * 1_000)).at(-1);
  expect([0, 1, 2, 3, 4].map((number) => second(number, 2))).toEqual(Array(5).fill("drop"));
  expect(second(5, 1)).toBe("pass");
  expect(second(6, 2)).toBe("drop");
  for (const number of [7, 8, 9, 10]) second(number, 2);
  expect(second(11, 2)).toBe("close");
});

test("what was sent while nobody read passes, ten seconds of it, then the rate holds", () => {
  const limit = new MessageLimit(3);
  const verdictsAt = (nowMs: number, unheardSeconds: number) =>
    Array.from({ length: 40 }, () => limit.check(nowMs, unheardSeconds));
  expect(verdictsAt(0, 3_600).filter((verdict) => verdict === "pass")).toHaveLength(33);
  expect(verdictsAt(1_000, 0).filter((verdict) => verdict === "pass")).toHaveLength(3);
  expect(limit.check(1_000)).toBe("close");
});
