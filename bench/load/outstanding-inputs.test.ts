import { expect, test } from "bun:test";
import { OutstandingInputs } from "./outstanding-inputs.ts";
import { Recorder } from "./recorder.ts";

function setUp(lengthMax = 16) {
  const recorder = new Recorder();
  recorder.open(0, 10_000);
  return { track: recorder.ack, inputs: new OutstandingInputs(lengthMax, recorder.ack) };
}

test("one frame acknowledges all inputs up to its sequence, each from its intended time", () => {
  const { track, inputs } = setUp();
  for (const intendedMs of [100, 150, 200]) inputs.next(intendedMs, intendedMs + 3);
  inputs.acknowledge(2, 300);
  expect(track.window.count).toBe(2);
  expect(track.window.summary()).toMatchObject({ max: 200, mean: 175 });
  inputs.acknowledge(2, 900);
  inputs.acknowledge(99, 300);
  expect(track.window.count).toBe(3);
  expect(inputs.count).toBe(0);
});

test("what never comes back is lost, and its age is its latency", () => {
  const { track, inputs } = setUp();
  inputs.next(1_000, 1_000);
  inputs.next(2_000, 2_000);
  inputs.loseAll(9_000);
  expect(track.lost).toBe(2);
  expect(track.window.summary().max).toBe(8_000);
});

test("at its bound the oldest is lost", () => {
  const { track, inputs } = setUp(4);
  for (let index = 0; index < 6; index++) inputs.next(index * 10, index * 10);
  expect(track.lost).toBe(2);
  inputs.acknowledge(6, 60);
  expect(track.window.count).toBe(6);
  expect(track.lost).toBe(2);
});

test("after a cut, what the shard has applied is acknowledged, the rest is lost", () => {
  const { track, inputs } = setUp();
  for (let index = 0; index < 5; index++) inputs.next(100, 100);
  inputs.restart(3, 500);
  expect(track.window.count).toBe(5);
  expect(track.lost).toBe(2);
  expect(inputs.next(600, 600)).toBe(4);
});

test("what was meant for another time than the window's is not counted", () => {
  const { track, inputs } = setUp();
  inputs.next(-1, 0);
  inputs.next(10_000, 10_000);
  inputs.next(9_999, 10_001);
  inputs.acknowledge(3, 10_050);
  expect(track.window.count).toBe(1);
  expect(track.takeInterval()?.count).toBe(3);
  expect(track.takeInterval()?.count).toBe(0);
});
