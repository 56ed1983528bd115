import { expect, test } from "bun:test";
import { Controls, WALK, walkTo } from "./controls.ts";

test("a change goes at once, the same controls do not go twice", () => {
  const controls = new Controls({ kind: WALK, tickRate: 30 });
  expect(controls.due(10)).toBeUndefined();
  controls.hold(walkTo(1, 0));
  expect(controls.due(10)).toEqual({ dx: 1, dy: 0 });
  expect(controls.due(11)).toBeUndefined();
  controls.hold(walkTo(1, 0));
  expect(controls.due(12)).toBeUndefined();
});

test("of several changes in a tick the last one goes with the next tick", () => {
  const controls = new Controls({ kind: WALK, tickRate: 30 });
  controls.hold(walkTo(1, 0));
  expect(controls.due(10)).toEqual({ dx: 1, dy: 0 });
  controls.hold(walkTo(0, 1));
  expect(controls.due(10)).toBeUndefined();
  controls.hold(walkTo(-1, -1));
  expect(controls.due(11)).toEqual({ dx: -1, dy: -1 });
});

test("60 ticks a second still send at most 30 inputs", () => {
  const controls = new Controls({ kind: WALK, tickRate: 60 });
  let sent = 0;
  for (let tick = 100; tick < 160; tick += 1) {
    controls.hold(walkTo(tick % 2, 1));
    if (controls.due(tick) !== undefined) sent += 1;
  }
  expect(sent).toBeLessThanOrEqual(30);
});

test("any number is taken for its sign", () => {
  expect(walkTo(0.3, -7)).toEqual({ dx: 1, dy: -1 });
  expect(walkTo(Number.NaN, 0)).toEqual({ dx: 0, dy: 0 });
});

test("after a restart even standing still is told", () => {
  const controls = new Controls({ kind: WALK, tickRate: 30 });
  expect(controls.due(1)).toBeUndefined();
  controls.restart();
  expect(controls.due(1)).toEqual({ dx: 0, dy: 0 });
});
