import { expect, test } from "bun:test";
import { Pressure, type TickLoad } from "./pressure.ts";

const EASY: TickLoad = { durationMs: 5, unfinished: 1 };
const LONG: TickLoad = { durationMs: 30, unfinished: 0 };
const BEHIND: TickLoad = { durationMs: 5, unfinished: 2 };

function run(pressure: Pressure, load: TickLoad, ticks: number): number {
  for (let tick = 0; tick < ticks; tick++) pressure.ticked(load);
  return pressure.level;
}

test.each([
  ["ticks that take long", LONG],
  ["a gateway that falls behind", BEHIND],
])("%s raise the level step by step, three ticks each", (_, load) => {
  const pressure = new Pressure(30);
  expect(run(pressure, load, 2)).toBe(0);
  expect(run(pressure, load, 1)).toBe(1);
  expect(run(pressure, load, 3)).toBe(2);
  expect(run(pressure, load, 30)).toBe(3);
});

test("a single hard tick changes nothing", () => {
  const pressure = new Pressure(30);
  for (let round = 0; round < 20; round++) {
    run(pressure, LONG, 1);
    run(pressure, EASY, 2);
  }
  expect(pressure.level).toBe(0);
});

test("three calm seconds lower the level by one", () => {
  const pressure = new Pressure(30);
  run(pressure, BEHIND, 6);
  expect(run(pressure, EASY, 89)).toBe(2);
  expect(run(pressure, EASY, 1)).toBe(1);
  expect(run(pressure, EASY, 90)).toBe(0);
});
