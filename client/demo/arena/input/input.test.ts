import { expect, test } from "bun:test";
import { directionOf, STANDING } from "../../input/direction.ts";
import { CLICK_MS_MAX, Pointer } from "../../input/pointer.ts";
import { STICK_RADIUS, Stick } from "../../input/stick.ts";
import { Keyboard } from "./keyboard.ts";
import { ATTEMPT_SECONDS, PlayerControl, type SelfNow } from "./player-control.ts";

test.each([
  [100, 0, 1, 0],
  [100, 30, 1, 0],
  [100, 50, 1, 1],
  [30, 100, 0, 1],
  [-100, -90, -1, -1],
  [0, -20, 0, -1],
  [6, 6, 0, 0],
])("a pull of %p, %p goes %p, %p", (x, y, dx, dy) => {
  expect(directionOf(x, y, 10)).toEqual({ dx, dy });
});

test("opposite keys cancel, and letting go of one frees the other", () => {
  const keyboard = new Keyboard();
  expect(keyboard.press("KeyD")).toBe(true);
  keyboard.press("ArrowUp");
  expect(keyboard.direction).toEqual({ dx: 1, dy: -1 });
  keyboard.press("KeyA");
  expect(keyboard.direction).toEqual({ dx: 0, dy: -1 });
  keyboard.release("KeyD");
  expect(keyboard.direction).toEqual({ dx: -1, dy: -1 });
  expect(keyboard.press("KeyQ")).toBe(false);
  keyboard.clear();
  expect(keyboard.direction).toEqual(STANDING);
});

test("a short press of the space bar strikes once even between two frames", () => {
  const keyboard = new Keyboard();
  keyboard.press("Space");
  keyboard.release("Space");
  expect(keyboard.takeAttack()).toBe(true);
  expect(keyboard.takeAttack()).toBe(false);
});

test("a key that acts once does so once for each press, however long it is held", () => {
  const keyboard = new Keyboard();
  keyboard.press("KeyG");
  keyboard.press("KeyG");
  expect([keyboard.take("give"), keyboard.take("give")]).toEqual([true, false]);
  keyboard.press("KeyG");
  expect(keyboard.take("give")).toBe(false);
  keyboard.release("KeyG");
  keyboard.press("KeyG");
  keyboard.press("KeyR");
  expect([keyboard.take("give"), keyboard.take("respawn")]).toEqual([true, true]);
});

test("the left button strikes when clicked and walks when held", () => {
  const pointer = new Pointer();
  pointer.press(0, 1000);
  expect(pointer.direction(1000 + CLICK_MS_MAX - 1, { x: 200, y: 0 })).toEqual(STANDING);
  pointer.release(0, 1000 + CLICK_MS_MAX - 1);
  expect(pointer.takeAttack()).toBe(true);
  pointer.press(0, 2000);
  const heldMs = 2000 + CLICK_MS_MAX;
  expect(pointer.direction(heldMs, { x: 200, y: 0 })).toEqual({ dx: 1, dy: 0 });
  expect(pointer.direction(heldMs, { x: 4, y: 3 })).toEqual(STANDING);
  pointer.release(0, heldMs);
  expect(pointer.takeAttack()).toBe(false);
});

test("the right button strikes as long as it is held", () => {
  const pointer = new Pointer();
  pointer.press(2, 0);
  expect([pointer.takeAttack(), pointer.takeAttack()]).toEqual([true, true]);
  pointer.release(2, 10);
  expect(pointer.takeAttack()).toBe(false);
});

test("the stick belongs to one finger and its knob stays on the rim", () => {
  const stick = new Stick();
  expect(stick.press(7, 100, 100)).toBe(true);
  expect(stick.press(8, 0, 0)).toBe(false);
  stick.move(8, 0, 0);
  expect(stick.direction).toEqual(STANDING);
  stick.move(7, 400, 100);
  expect(stick.direction).toEqual({ dx: 1, dy: 0 });
  expect(stick.knob).toEqual({ x: STICK_RADIUS, y: 0 });
  stick.release(8);
  expect(stick.held).toBe(true);
  stick.release(7);
  expect(stick.direction).toEqual(STANDING);
});

function createSession() {
  const calls: string[] = [];
  const session = {
    setControls: (dx: number, dy: number) => void calls.push(`controls ${dx} ${dy}`),
    face: (right: boolean) => void calls.push(`face ${right ? "right" : "left"}`),
    attack: () => void calls.push("attack"),
  };
  return { calls, session };
}

const IDLE: SelfNow = { state: "idle", facingRight: true };
const EAST = { dx: 1, dy: 0 };

test("the session hears of changes only; the first device that moves counts", () => {
  const { calls, session } = createSession();
  const control = new PlayerControl();
  const wish = { directions: [STANDING, EAST, { dx: 0, dy: 1 }], attack: false, faceRight: null };
  for (let frame = 0; frame < 3; frame += 1) control.apply(session, wish, { self: IDLE, dt: 0.02 });
  control.apply(session, { ...wish, directions: [] }, { self: IDLE, dt: 0.02 });
  expect(calls).toEqual(["controls 1 0", "controls 0 0"]);
});

test("a held attack turns, strikes, and waits while it cannot strike", () => {
  const { calls, session } = createSession();
  const control = new PlayerControl();
  const wish = { directions: [], attack: true, faceRight: false };
  control.apply(session, wish, { self: IDLE, dt: 0.02 });
  control.apply(session, wish, { self: IDLE, dt: 0.02 });
  expect(calls).toEqual(["face left", "attack"]);
  for (const state of ["attacking", "dead"] as const) {
    control.apply(session, wish, { self: { state, facingRight: false }, dt: ATTEMPT_SECONDS });
  }
  control.apply(session, wish, { self: null, dt: ATTEMPT_SECONDS });
  expect(calls).toHaveLength(2);
  control.apply(session, wish, { self: { state: "idle", facingRight: false }, dt: 0.02 });
  expect(calls).toEqual(["face left", "attack", "attack"]);
});
