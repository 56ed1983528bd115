import { expect, test } from "bun:test";
import { entityView } from "../../../playcanvas/testing/headless.ts";
import {
  cameraView,
  groundOffset,
  isVisible,
  VIEWPORT_HEIGHT,
  VIEWPORT_WIDTH,
} from "../../scene/camera-rig.ts";
import { lookOf } from "../../scene/character-look.ts";
import {
  advanceMotion,
  createMotion,
  flashOf,
  flinch,
  PART,
  poseParts,
} from "../../scene/character-pose.ts";
import { hatShapes, headShape, weaponShapes } from "../../scene/character-shapes.ts";
import { EFFECTS_MAX, Effects } from "../../scene/effects.ts";
import { createSequence } from "../../scene/noise.ts";
import { Quality } from "../../scene/quality.ts";
import { paintMap } from "./ground-map.ts";
import { plantScenery } from "./scenery.ts";
import { SCENERY, sceneryShapes } from "./scenery-shapes.ts";

test.each([480 / 320, 1280 / 720, 800 / 600, 390 / 844, 3840 / 2160, 5, 0.2])(
  "what the camera shows in a window of shape %p is within what the shard sends",
  (aspect) => {
    const view = cameraView(aspect);
    const { width, height } = view.viewport;
    expect(width).toBeGreaterThanOrEqual(VIEWPORT_WIDTH.min);
    expect(width).toBeLessThanOrEqual(VIEWPORT_WIDTH.max);
    expect(height).toBeGreaterThanOrEqual(VIEWPORT_HEIGHT.min);
    expect(height).toBeLessThanOrEqual(VIEWPORT_HEIGHT.max);
    for (const x of [-1, 1]) {
      for (const y of [-1, 1]) {
        const corner = groundOffset(view.distance, { x, y, aspect });
        expect(Math.abs(corner.x)).toBeLessThan(width / 2);
        expect(Math.abs(corner.y)).toBeLessThan(height / 2);
        expect(isVisible(view.ground, corner.x * 0.99, corner.y * 0.99, 0)).toBe(true);
        expect(isVisible(view.ground, corner.x * 1.01, corner.y * 1.01, 0)).toBe(false);
      }
    }
    const middle = groundOffset(view.distance, { x: 0, y: 0, aspect });
    expect(Math.abs(middle.x) + Math.abs(middle.y)).toBeLessThan(1e-6);
  },
);

test("a name always looks the same, and names look different", () => {
  expect(lookOf("Ada")).toEqual(lookOf("Ada"));
  const colours = ["Ada", "Grace", "Linus", "Ken", "Barbara"].map((name) => lookOf(name).colour);
  expect(new Set(colours.map(String)).size).toBe(5);
});

test("every look has its shapes", () => {
  const hats = hatShapes(1);
  const weapons = weaponShapes();
  for (let index = 0; index < 200; index += 1) {
    const { hat, weapon } = lookOf(`Player ${index}`);
    expect(hats[hat]).toBeDefined();
    expect(weapons[weapon]).toBeDefined();
  }
});

test("shapes are whole: indices within, less detail is fewer triangles", () => {
  for (const shape of [...hatShapes(1), ...weaponShapes(), headShape(1), ...sceneryShapes()]) {
    const vertices = shape.positions.length / 3;
    expect(shape.normals).toHaveLength(vertices * 3);
    expect(shape.paints).toHaveLength(vertices * 4);
    expect(Math.max(...shape.indices)).toBeLessThan(vertices);
    expect(shape.positions.every(Number.isFinite)).toBe(true);
  }
  expect(headShape(0.6).indices.length).toBeLessThan(headShape(1).indices.length / 2);
});

test("a player strikes, is struck, falls and rises", () => {
  const motion = createMotion(entityView({ id: 1 }), 0);
  const frame = (state: "idle" | "attacking" | "dead" | "moving", dt = 0.05) =>
    advanceMotion(motion, entityView({ id: 1, state, dx: state === "moving" ? 1 : 0 }), dt);
  expect(frame("attacking")).toMatchObject({ attacked: true, died: false });
  expect(frame("attacking").attacked).toBe(false);
  flinch(motion);
  expect(flashOf(motion)).toBe(1);
  expect(frame("dead")).toMatchObject({ died: true });
  for (let step = 0; step < 60; step += 1) frame("dead");
  expect(motion.alpha).toBe(0);
  expect(frame("idle")).toMatchObject({ rose: true });
  expect(motion.alpha).toBe(1);
  poseParts(motion, 10, 20);
  for (const part of motion.parts) expect(part.every(Number.isFinite)).toBe(true);
});

test("facing left and right can be told apart in every direction", () => {
  for (const [dx, dy] of [
    [0, 0],
    [0, 1],
    [0, -1],
    [1, 1],
    [1, -1],
  ] as const) {
    const right = createMotion(entityView({ id: 1, dx, dy, facingRight: true }), 0);
    const left = createMotion(entityView({ id: 1, dx: -dx, dy, facingRight: false }), 0);
    expect(Math.sin(right.yaw)).toBeGreaterThan(0.3);
    expect(Math.sin(left.yaw)).toBeLessThan(-0.3);
    poseParts(right, 0, 0);
    expect(right.parts[PART.weapon]?.[3]).not.toBe(left.parts[PART.weapon]?.[3]);
  }
});

test("effects end, and never pile up", () => {
  const effects = new Effects(createSequence(1));
  for (let blow = 0; blow < 200; blow += 1) effects.hit(0, 0, { damage: 20, mine: false });
  expect(effects.count).toBeLessThanOrEqual(EFFECTS_MAX);
  expect(effects.numbers.length).toBeLessThan(100);
  for (let step = 0; step < 40; step += 1) effects.advance(0.05);
  expect(effects.count).toBe(0);
  expect(effects.numbers).toHaveLength(0);
});

test("the same seed paints the same land, and nothing tall stands inside the arena", () => {
  const world = { width: 1000, height: 1000, seed: 5 };
  const map = paintMap(world.seed);
  expect(paintMap(world.seed).pixels).toEqual(map.pixels);
  expect(paintMap(6).pixels).not.toEqual(map.pixels);
  const small: readonly number[] = [
    SCENERY.grass,
    SCENERY.flower,
    SCENERY.pebble,
    SCENERY.mushroom,
  ];
  let inside = 0;
  const everything = { width: 5000, height: 5000 };
  plantScenery({ ...world, map }).around({ x: 500, y: 500 }, everything, (item) => {
    if (item.x < 0 || item.x > world.width || item.y < 0 || item.y > world.height) return;
    inside += 1;
    expect(small).toContain(item.kind);
  });
  expect(inside).toBeGreaterThan(200);
});

test("a slow machine gets a coarser picture, a fast one or a fixed one does not", () => {
  const frames = (quality: Quality, dt: number) => {
    for (let frame = 0; frame < 12 / dt; frame += 1) quality.add(dt);
    return quality.level;
  };
  const full = new Quality("GeForce").level;
  expect(frames(new Quality("GeForce"), 1 / 60)).toEqual(full);
  expect(frames(new Quality("GeForce"), 1 / 15).scale).toBeLessThan(full.scale);
  expect(new Quality("Google SwiftShader").level.detail).toBeLessThan(1);
  expect(frames(new Quality("Google SwiftShader", true), 1 / 15)).toEqual(full);
});
