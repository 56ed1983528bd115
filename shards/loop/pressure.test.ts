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
])("%s raise the level step by step: after 300 ms, then every 150 ms", (_, load) => {
  const pressure = new Pressure(30);
  expect(run(pressure, load, 8)).toBe(0);
  expect(run(pressure, load, 1)).toBe(1);
  expect(run(pressure, load, 4)).toBe(1);
  expect(run(pressure, load, 1)).toBe(2);
  expect(run(pressure, load, 15)).toBe(5);
  expect(run(pressure, load, 600)).toBe(5);
});

test("after a calm tick the next step takes 300 ms again", () => {
  const pressure = new Pressure(30);
  run(pressure, LONG, 9);
  run(pressure, EASY, 1);
  expect(run(pressure, LONG, 8)).toBe(1);
  expect(run(pressure, LONG, 1)).toBe(2);
});

test("short hiccups change nothing", () => {
  const pressure = new Pressure(30);
  for (let round = 0; round < 20; round++) {
    run(pressure, LONG, 8);
    run(pressure, EASY, 2);
  }
  expect(pressure.level).toBe(0);
});

test("two calm seconds lower the level by one", () => {
  const pressure = new Pressure(30);
  run(pressure, BEHIND, 14);
  expect(run(pressure, EASY, 59)).toBe(2);
  expect(run(pressure, EASY, 1)).toBe(1);
  expect(run(pressure, EASY, 60)).toBe(0);
});

test("a hard tick once a second does not keep the level up, one in ten does", () => {
  const pressure = new Pressure(30);
  run(pressure, LONG, 9);
  for (let second = 0; second < 4; second++) {
    run(pressure, LONG, 1);
    run(pressure, EASY, 29);
  }
  expect(pressure.level).toBe(0);
  run(pressure, LONG, 9);
  for (let round = 0; round < 60; round++) {
    run(pressure, LONG, 1);
    run(pressure, EASY, 9);
  }
  expect(pressure.level).toBe(1);
});
