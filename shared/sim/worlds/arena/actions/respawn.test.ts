import { expect, test } from "bun:test";
import { ArenaState } from "#proto/arena_pb.ts";
import { RejectionReason } from "#proto/frame_pb.ts";
import type { ArenaPlayer } from "../messages.ts";
import { readArenaSelf } from "../self.ts";
import { spawnPlace } from "../spawn.ts";
import { stepArena } from "../step.ts";
import {
  attackInput,
  controlsInput,
  createArenaWith,
  respawnInput,
  stepUntil,
} from "../testing/inputs.ts";
import { respawn } from "./respawn.ts";

const DONE = RejectionReason.UNSPECIFIED;

/** An arena at tick 2, in which the second player has just been killed by the first. */
function createKilled(victim: Partial<ArenaPlayer> = {}) {
  const { world, entities } = createArenaWith([{}, { x: 10_100, health: 20, ...victim }]);
  const [killer = 0, dead = 0] = entities;
  stepArena(world, [attackInput(killer, 1)]);
  return { world, killer, dead };
}

test("the dead pay a credit and live again at once, where one appears in that tick", () => {
  const { world, dead } = createKilled();
  stepArena(world, [respawnInput(dead, 7)]);
  expect(world.effects.outcomes).toEqual([{ entity: dead, sequence: 7, reason: DONE }]);
  expect(world.effects.rejections).toEqual([]);
  expect([...world.effects.lasting]).toEqual([dead]);
  expect(readArenaSelf(world, 1)).toMatchObject({
    ...spawnPlace(world, dead, 3),
    state: ArenaState.IDLE,
    health: 100,
    respawnTick: 0,
    credits: 2,
    deaths: 1,
  });
  stepUntil(world, 95);
  expect(readArenaSelf(world, 1)).toMatchObject(spawnPlace(world, dead, 3));
});

test("who returns moves and strikes in the same tick", () => {
  const { world, dead } = createKilled();
  const walk = controlsInput(dead, 2, { dx: 1, dy: 0 });
  stepArena(world, [respawnInput(dead, 1), walk]);
  expect(readArenaSelf(world, 1)).toMatchObject({
    x: spawnPlace(world, dead, 3).x + 32,
    state: ArenaState.MOVING,
  });
  stepArena(world, [attackInput(dead, 3)]);
  expect(world.effects.rejections).toEqual([]);
});

test("an attack that death cut off does not go on after the return", () => {
  const { world, killer, dead } = createKilled({ health: 40 });
  stepUntil(world, 31);
  stepArena(world, [attackInput(dead, 1)]);
  stepArena(world, [attackInput(killer, 2)]);
  expect(readArenaSelf(world, 1).state).toBe(ArenaState.DEAD);
  stepArena(world, [respawnInput(dead, 2)]);
  expect(readArenaSelf(world, 1)).toMatchObject({ state: ArenaState.IDLE, attackEndTick: 0 });
});

test.each([
  ["the living", {}, 100, RejectionReason.ALIVE],
  ["who has no credit", { credits: 0 }, 3, RejectionReason.UNAFFORDABLE],
])("is refused to %s", (_, victim, tick, reason) => {
  const { world, dead } = createKilled(victim);
  stepUntil(world, tick - 1);
  const before = readArenaSelf(world, 1);
  stepArena(world, [respawnInput(dead, 1)]);
  expect(world.effects.outcomes).toEqual([{ entity: dead, sequence: 1, reason }]);
  expect(world.effects.rejections).toEqual([]);
  expect(world.effects.lasting.size).toBe(0);
  expect(readArenaSelf(world, 1)).toMatchObject({ credits: before.credits, x: before.x });
});

test("in the tick of the return it is refused, and costs nothing", () => {
  const { world, dead } = createKilled();
  stepUntil(world, 91);
  stepArena(world, [respawnInput(dead, 1)]);
  const reason = RejectionReason.ALIVE;
  expect(world.effects.outcomes).toEqual([{ entity: dead, sequence: 1, reason }]);
  expect(readArenaSelf(world, 1).credits).toBe(3);
});

test("two in one tick cost one credit", () => {
  const { world, dead } = createKilled();
  stepArena(world, [respawnInput(dead, 1), respawnInput(dead, 2)]);
  const reasons = world.effects.outcomes.map(({ reason }) => reason);
  expect(reasons).toEqual([DONE, RejectionReason.ALIVE]);
  expect(readArenaSelf(world, 1).credits).toBe(2);
});

test("one with an old sequence is ignored and has no outcome", () => {
  const { world, dead } = createKilled();
  stepArena(world, [controlsInput(dead, 5, { dx: 0, dy: 0 })]);
  stepArena(world, [respawnInput(dead, 5)]);
  expect(world.effects.outcomes).toEqual([]);
  expect(readArenaSelf(world, 1)).toMatchObject({ state: ArenaState.DEAD, credits: 3 });
});

test("a check changes nothing", () => {
  const { world } = createKilled();
  expect(respawn.check(world, 1, {})).toBeNull();
  expect(readArenaSelf(world, 1)).toMatchObject({ state: ArenaState.DEAD, credits: 3 });
});
