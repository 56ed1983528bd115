import { describe, expect, test } from "bun:test";
import { ArenaState } from "#proto/arena_pb.ts";
import { readArenaSelf } from "../self.ts";
import { spawnPlace } from "../spawn.ts";
import { stepArena } from "../step.ts";
import { attackInput, controlsInput, createArenaWith, stepUntil } from "../testing/inputs.ts";

describe.each([20, 30, 60])("at %d ticks a second", (tickRate) => {
  test("the dead return after three seconds, unhurt, where seed, entity and tick say", () => {
    const { world, entities } = createArenaWith([{}, { x: 10_100, health: 20 }], tickRate);
    const [attacker = 0, target = 0] = entities;
    stepArena(world, [attackInput(attacker, 1)]);
    const respawnTick = 2 + 3 * tickRate;
    const dead = { health: 0, deaths: 1, state: ArenaState.DEAD, respawnTick, x: 10_100 };
    expect(readArenaSelf(world, 1)).toMatchObject(dead);
    stepUntil(world, respawnTick - 1);
    expect(readArenaSelf(world, 1)).toMatchObject(dead);
    stepUntil(world, respawnTick);
    expect(readArenaSelf(world, 1)).toMatchObject({
      ...spawnPlace(world, target, respawnTick),
      health: 100,
      deaths: 1,
      state: ArenaState.IDLE,
      respawnTick: 0,
    });
  });
});

test("who returns acts in the same tick", () => {
  const { world, entities } = createArenaWith([{}, { x: 10_100, health: 20 }]);
  const [attacker = 0, target = 0] = entities;
  stepArena(world, [attackInput(attacker, 1)]);
  stepUntil(world, 91);
  stepArena(world, [controlsInput(target, 1, { dx: 1, dy: 0 }), attackInput(target, 2)]);
  expect(world.effects.rejections).toEqual([]);
  expect(readArenaSelf(world, 1).state).toBe(ArenaState.ATTACKING);
});
