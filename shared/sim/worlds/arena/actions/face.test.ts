import { expect, test } from "bun:test";
import { RejectionReason } from "#proto/frame_pb.ts";
import { readArenaSelf } from "../self.ts";
import { stepArena } from "../step.ts";
import { attackInput, controlsInput, createArenaWith, faceInput } from "../testing/inputs.ts";
import { face } from "./face.ts";

test("turns to either side without moving", () => {
  const { world, entities } = createArenaWith([{}]);
  const entity = entities[0] ?? 0;
  stepArena(world, [faceInput(entity, 1, false)]);
  expect(readArenaSelf(world, 0)).toMatchObject({ x: 10_000, facingRight: false, state: 1 });
  stepArena(world, [faceInput(entity, 2, true)]);
  expect(readArenaSelf(world, 0).facingRight).toBe(true);
});

test("who moves sideways looks where it goes", () => {
  const { world, entities } = createArenaWith([{}]);
  const entity = entities[0] ?? 0;
  stepArena(world, [controlsInput(entity, 1, { dx: 1, dy: 0 }), faceInput(entity, 2, false)]);
  expect(readArenaSelf(world, 0).facingRight).toBe(true);
  stepArena(world, [controlsInput(entity, 3, { dx: 0, dy: 1 }), faceInput(entity, 4, false)]);
  expect(readArenaSelf(world, 0).facingRight).toBe(false);
});

test("is refused to attackers and to the dead", () => {
  const { world, entities } = createArenaWith([{}, { x: 10_100, health: 20 }]);
  const [attacker = 0, target = 0] = entities;
  stepArena(world, [attackInput(attacker, 1)]);
  stepArena(world, [faceInput(attacker, 2, false), faceInput(target, 1, false)]);
  expect(world.effects.rejections).toEqual([
    { entity: attacker, sequence: 2, reason: RejectionReason.BUSY },
    { entity: target, sequence: 1, reason: RejectionReason.DEAD },
  ]);
  expect(readArenaSelf(world, 0).facingRight).toBe(true);
  expect(readArenaSelf(world, 1).facingRight).toBe(true);
});

test("a check changes nothing", () => {
  const { world } = createArenaWith([{}]);
  expect(face.check(world, 0, { right: false })).toBeNull();
  expect(readArenaSelf(world, 0).facingRight).toBe(true);
});
