import { expect, test } from "bun:test";
import { PhaseWheel } from "./phase-wheel.ts";

/** Runs a wheel at the given times and lists who was when. */
function run(wheel: PhaseWheel<string>, times: readonly number[]): string[] {
  const turns: string[] = [];
  for (const nowMs of times) {
    wheel.run(nowMs, (member, intendedMs) => turns.push(`${member}@${intendedMs}`));
  }
  return turns;
}

test("each member has its turn once per period, at its own phase", () => {
  const wheel = new PhaseWheel<string>({ periodMs: 1_000, startMs: 5_000 });
  wheel.add("a", 0);
  wheel.add("b", 0.25);
  wheel.add("c", 0.999);
  const everyMs = Array.from({ length: 2_500 }, (_, index) => 5_000 + index);
  expect(run(wheel, everyMs)).toEqual([
    "a@5000",
    "b@5250",
    "c@5999",
    "a@6000",
    "b@6250",
    "c@6999",
    "a@7000",
    "b@7250",
  ]);
});

test("turns that were held up keep the times at which they were meant to be", () => {
  const wheel = new PhaseWheel<string>({ periodMs: 100, startMs: 0 });
  wheel.add("a", 0.5);
  expect(run(wheel, [0, 349, 350, 351])).toEqual(["a@50", "a@150", "a@250", "a@350"]);
  expect(wheel.forgotten).toBe(0);
});

test("a rate that is no whole number of slots is kept in the long run", () => {
  const wheel = new PhaseWheel<string>({ periodMs: 1_000 / 24, startMs: 0 });
  wheel.add("a", 0);
  expect(run(wheel, [9_999]).length).toBe(240);
});

test("after more than ten seconds without a run the oldest turns are forgotten", () => {
  const wheel = new PhaseWheel<string>({ periodMs: 1_000, startMs: 0 });
  wheel.add("a", 0.5);
  expect(run(wheel, [60_000])).toHaveLength(10);
  expect(wheel.forgotten).toBe(50_001);
});

test("who is removed has no turn any more", () => {
  const wheel = new PhaseWheel<string>({ periodMs: 10, startMs: 0 });
  wheel.add("a", 0.3);
  wheel.add("b", 0.3);
  wheel.remove("a", 0.3);
  expect(run(wheel, [5])).toEqual(["b@3"]);
});
