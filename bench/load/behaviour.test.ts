import { expect, test } from "bun:test";
import { createRandom } from "#shared/sim/index.ts";
import {
  chooseDirection,
  DIRECTIONS,
  denseArea,
  homeArea,
  randomArea,
  STANDING,
} from "./behaviour.ts";
import { PlayerMotion } from "./player-motion.ts";

const WORLD = { width: 2_000, height: 2_000 };

test("each choice is another direction, and now and then a stop", () => {
  const random = createRandom(3);
  const area = homeArea({ x: 500, y: 500 });
  const counts = new Array<number>(9).fill(0);
  let direction = STANDING;
  for (let turn = 0; turn < 9_000; turn++) {
    const next = chooseDirection(direction, { place: { x: 500, y: 500 }, area }, random);
    expect(next).not.toBe(direction);
    counts[next] = (counts[next] ?? 0) + 1;
    direction = next;
  }
  expect(Math.min(...counts)).toBeGreaterThan(300);
});

test.each([
  ["left of it", { x: 0, y: 500 }, [1, 0]],
  ["below it", { x: 500, y: 900 }, [0, -1]],
  ["beyond its corner", { x: 900, y: 0 }, [-1, 1]],
])("one who is %s turns back to its area", (_, place, [dx, dy]) => {
  const area = homeArea({ x: 500, y: 500 });
  const next = chooseDirection(STANDING, { place, area }, createRandom(1));
  expect(DIRECTIONS[next]).toEqual(expect.objectContaining({ dx, dy }));
  // Already on the way: still a change, and still not away from it.
  const again = chooseDirection(next, { place, area }, createRandom(1));
  expect(again).not.toBe(next);
});

test.each(["spread", "dense"] as const)("a %s crowd stays where it belongs", (crowd) => {
  const random = createRandom(9);
  const motion = new PlayerMotion({ random, crowd, roams: false });
  motion.enter(WORLD);
  expect(motion.turn(0)).toBe(false); // It does not know where it is.
  const home = { x: 700, y: 1_200 };
  motion.told({ ...home, isFree: true }, 0);
  const area = crowd === "dense" ? denseArea(WORLD) : homeArea(home);
  for (let second = 1; second < 600; second++) {
    expect(motion.turn(second * 1_000)).toBe(true);
    const { x, y } = motion.placeAt(second * 1_000);
    if (second < 10) continue; // On its way there.
    // A step beyond the border and one that goes askew on the way back.
    expect(Math.abs(x - area.x)).toBeLessThan(area.halfWidth + 200);
    expect(Math.abs(y - area.y)).toBeLessThan(area.halfHeight + 200);
  }
});

test("one who roams sees much of the world", () => {
  const motion = new PlayerMotion({ random: createRandom(5), crowd: "spread", roams: true });
  motion.enter(WORLD);
  motion.told({ x: 1_000, y: 1_000, isFree: true }, 0);
  const seen = new Set<number>();
  for (let second = 1; second < 1_200; second++) {
    motion.turn(second * 1_000);
    const { x, y } = motion.placeAt(second * 1_000);
    seen.add(Math.floor(x / 500) * 4 + Math.floor(y / 500));
  }
  expect(seen.size).toBeGreaterThan(10);
  expect(randomArea(WORLD, createRandom(1)).x).toBeLessThan(2_000);
});

test("where it is believed to be follows from its direction, up to the world's edge", () => {
  const motion = new PlayerMotion({ random: createRandom(1), crowd: "spread", roams: false });
  motion.enter(WORLD);
  motion.told({ x: 1_990, y: 0, isFree: true }, 1_000);
  while (motion.dx !== 1) motion.turn(1_000);
  expect(motion.placeAt(2_000).x).toBe(2_000);
});
