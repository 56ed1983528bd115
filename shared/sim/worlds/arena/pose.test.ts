import { describe, expect, test } from "bun:test";
import { ArenaState } from "#proto/arena_pb.ts";
import { packArenaPose, readArenaPose, readArenaState, unpackArenaPose } from "./pose.ts";
import { stepArena } from "./step.ts";
import { attackInput, controlsInput, createArenaWith, faceInput } from "./testing/inputs.ts";

describe("packArenaPose", () => {
  test.each([
    [{ dx: -1, dy: -1, facingRight: false, state: ArenaState.IDLE }, 0b00_0_00_00],
    [{ dx: 0, dy: 0, facingRight: false, state: ArenaState.IDLE }, 0b00_0_01_01],
    [{ dx: 1, dy: -1, facingRight: true, state: ArenaState.MOVING }, 0b01_1_00_10],
    [{ dx: 0, dy: 0, facingRight: true, state: ArenaState.ATTACKING }, 0b10_1_01_01],
    [{ dx: 0, dy: 0, facingRight: false, state: ArenaState.DEAD }, 0b11_0_01_01],
  ])("%j is %d", (pose, packed) => {
    expect(packArenaPose(pose)).toBe(packed);
    expect(unpackArenaPose(packed)).toEqual(pose);
  });

  test("comes back for every pose", () => {
    for (const dx of [-1, 0, 1]) {
      for (const dy of [-1, 0, 1]) {
        for (const facingRight of [true, false]) {
          for (const state of [1, 2, 3, 4]) {
            const pose = { dx, dy, facingRight, state };
            expect(unpackArenaPose(packArenaPose(pose))).toEqual(pose);
          }
        }
      }
    }
  });
});

describe("readArenaPose", () => {
  test("tells the velocity of who moves", () => {
    const { world, entities } = createArenaWith([{}]);
    const [entity = 0] = entities;
    stepArena(world, [controlsInput(entity, 1, { dx: -1, dy: 1 })]);
    const pose = { dx: -1, dy: 1, facingRight: false, state: ArenaState.MOVING };
    expect(unpackArenaPose(readArenaPose(world, 0))).toEqual(pose);
  });

  test("tells no velocity of an attacker who holds controls", () => {
    const { world, entities } = createArenaWith([{}]);
    const [entity = 0] = entities;
    stepArena(world, [attackInput(entity, 1), controlsInput(entity, 2, { dx: -1, dy: 1 })]);
    const pose = { dx: 0, dy: 0, facingRight: true, state: ArenaState.ATTACKING };
    expect(unpackArenaPose(readArenaPose(world, 0))).toEqual(pose);
  });

  test("tells of the dead that they are dead", () => {
    const { world, entities } = createArenaWith([{}, { x: 10_100, health: 1 }]);
    const [attacker = 0, target = 0] = entities;
    stepArena(world, [attackInput(attacker, 1), controlsInput(target, 1, { dx: 1, dy: 0 })]);
    const pose = { dx: 0, dy: 0, facingRight: true, state: ArenaState.DEAD };
    expect(unpackArenaPose(readArenaPose(world, 1))).toEqual(pose);
  });

  test("tells the facing of who stands", () => {
    const { world, entities } = createArenaWith([{}]);
    const [entity = 0] = entities;
    stepArena(world, [faceInput(entity, 1, false)]);
    expect(readArenaState(world, 0)).toBe(ArenaState.IDLE);
    expect(unpackArenaPose(readArenaPose(world, 0)).facingRight).toBe(false);
  });
});
