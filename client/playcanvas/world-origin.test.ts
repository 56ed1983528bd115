import { expect, test } from "bun:test";
import { ORIGIN_DISTANCE_MAX, WorldOrigin } from "./world-origin.ts";

test("the scene stays small wherever one goes, and moves by whole steps only", () => {
  const origin = new WorldOrigin();
  for (const x of [0, 400, 512, 513, 900, 1999.9, 60_000.5]) {
    origin.follow(x, x / 2);
    expect(Math.abs(origin.sceneX(x))).toBeLessThanOrEqual(ORIGIN_DISTANCE_MAX);
    expect(Math.abs(origin.sceneZ(x / 2))).toBeLessThanOrEqual(ORIGIN_DISTANCE_MAX);
    expect(origin.x % 256).toBe(0);
    expect(origin.worldX(origin.sceneX(x))).toBe(x);
    expect(origin.worldY(origin.sceneZ(x / 2))).toBe(x / 2);
  }
});

test("says when it has moved", () => {
  const origin = new WorldOrigin();
  expect(origin.follow(512, 0)).toBe(false);
  expect(origin.follow(513, 0)).toBe(true);
  expect(origin.follow(513, 0)).toBe(false);
});
