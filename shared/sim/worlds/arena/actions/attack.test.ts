import { describe, expect, test } from "bun:test";
import { ArenaState } from "#proto/arena_pb.ts";
import { RejectionReason } from "#proto/frame_pb.ts";
import { readArenaSelf } from "../self.ts";
import { stepArena } from "../step.ts";
import { attackInput, controlsInput, createArenaWith, stepUntil } from "../testing/inputs.ts";
import { attack } from "./attack.ts";

describe.each([20, 30, 36, 60])("at %d ticks a second", (tickRate) => {
  test("the attacker stands still for a second and may then attack again", () => {
    const { world, entities } = createArenaWith([{}], tickRate);
    const entity = entities[0] ?? 0;
    // The attack starts in tick 2.
    stepArena(world, [controlsInput(entity, 1, { dx: 1, dy: 0 }), attackInput(entity, 2)]);
    const self = { x: 10_000, state: ArenaState.ATTACKING, attackEndTick: tickRate + 1 };
    expect(readArenaSelf(world, 0)).toMatchObject({ ...self, attackReadyTick: tickRate + 2 });
    stepUntil(world, tickRate + 1);
    expect(readArenaSelf(world, 0)).toMatchObject(self);
    stepUntil(world, tickRate + 2);
    expect(readArenaSelf(world, 0)).toMatchObject({ state: ArenaState.MOVING, attackEndTick: 0 });
    expect(readArenaSelf(world, 0).x).toBeGreaterThan(10_000);
  });

  test("an attack before its time is refused, one in time is not", () => {
    const { world, entities } = createArenaWith([{}], tickRate);
    const entity = entities[0] ?? 0;
    stepArena(world, [attackInput(entity, 1)]);
    stepUntil(world, tickRate);
    const before = readArenaSelf(world, 0);
    stepArena(world, [attackInput(entity, 2)]);
    const reason = RejectionReason.COOLDOWN;
    expect(world.effects.rejections).toEqual([{ entity, sequence: 2, reason }]);
    expect(readArenaSelf(world, 0)).toEqual(before);
    stepArena(world, [attackInput(entity, 3)]);
    expect(world.effects.rejections).toEqual([]);
    expect(readArenaSelf(world, 0).attackEndTick).toBe(2 * tickRate + 1);
  });
});

test("two attacks in one tick are one", () => {
  const { world, entities } = createArenaWith([{}, { x: 10_100 }]);
  const entity = entities[0] ?? 0;
  stepArena(world, [attackInput(entity, 1), attackInput(entity, 2)]);
  expect(world.effects.hits).toHaveLength(1);
  expect(world.effects.rejections).toHaveLength(1);
});

test("the dead do not attack", () => {
  const { world, entities } = createArenaWith([{}, { x: 10_100, health: 20 }]);
  const [attacker = 0, target = 0] = entities;
  stepArena(world, [attackInput(attacker, 1)]);
  stepArena(world, [attackInput(target, 1)]);
  const reason = RejectionReason.DEAD;
  expect(world.effects.rejections).toEqual([{ entity: target, sequence: 1, reason }]);
});

test("a check changes nothing", () => {
  const { world } = createArenaWith([{}]);
  expect(attack.check(world, 0, {})).toBeNull();
  expect(readArenaSelf(world, 0).attackEndTick).toBe(0);
});
