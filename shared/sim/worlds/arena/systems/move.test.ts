import { describe, expect, test } from "bun:test";
import { readArenaSelf } from "../self.ts";
import { stepArena } from "../step.ts";
import { controlsInput, createArenaWith, stepUntil } from "../testing/inputs.ts";

describe("a second of movement", () => {
  test.each([
    [1, 0, 10_960, 10_000, true],
    [-1, 0, 9_040, 10_000, false],
    [0, 1, 10_000, 10_960, true],
    [0, -1, 10_000, 9_040, true],
    // Each axis has the full speed.
    [1, 1, 10_960, 10_960, true],
    [-1, 1, 9_040, 10_960, false],
    [0, 0, 10_000, 10_000, true],
  ])("of %d, %d", (dx, dy, x, y, facingRight) => {
    const { world, entities } = createArenaWith([{}]);
    stepArena(world, [controlsInput(entities[0] ?? 0, 1, { dx, dy })]);
    stepUntil(world, 31);
    expect(readArenaSelf(world, 0)).toMatchObject({ x, y, facingRight });
  });

  test.each([20, 24, 33, 59, 60])("is as long at %d ticks a second", (tickRate) => {
    const { world, entities } = createArenaWith([{}], tickRate);
    stepArena(world, [controlsInput(entities[0] ?? 0, 1, { dx: 1, dy: -1 })]);
    stepUntil(world, tickRate + 1);
    expect(readArenaSelf(world, 0)).toMatchObject({ x: 10_960, y: 9_040 });
  });
});

describe("the edges clamp", () => {
  test.each([
    [{ x: 10, y: 5 }, -1, -1, { x: 0, y: 0 }],
    [{ x: 19_990, y: 19_999 }, 1, 1, { x: 20_000, y: 20_000 }],
    [{ x: 0, y: 100 }, -1, 1, { x: 0, y: 1060 }],
  ])("from %j in %d, %d", (start, dx, dy, end) => {
    const { world, entities } = createArenaWith([start]);
    stepArena(world, [controlsInput(entities[0] ?? 0, 1, { dx, dy })]);
    stepUntil(world, 31);
    // Still moving, as far as anybody sees.
    expect(readArenaSelf(world, 0)).toMatchObject({ ...end, state: 2 });
  });
});
