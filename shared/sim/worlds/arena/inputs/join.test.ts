import { describe, expect, test } from "bun:test";
import { entityId } from "../../../kernel/entity-table.ts";
import { ARENA_PARAMETERS } from "../parameters.ts";
import { readArenaSelf } from "../self.ts";
import { spawnPlace } from "../spawn.ts";
import { stepArena } from "../step.ts";
import {
  attackInput,
  controlsInput,
  createArenaWith,
  joinInput,
  leaveInput,
  SOMEBODY,
} from "../testing/inputs.ts";
import { createArena } from "../world.ts";

describe("a newcomer", () => {
  test("appears unhurt where seed, entity and tick say", () => {
    const world = createArena(ARENA_PARAMETERS, { capacity: 2 });
    stepArena(world, [joinInput("ada")]);
    const entity = entityId(0, 1);
    expect(world.effects.joined).toEqual([{ playerId: "ada", entity, returning: false }]);
    expect(readArenaSelf(world, 0)).toMatchObject({
      ...spawnPlace(world, entity, 1),
      health: 100,
      credits: 3,
    });
    expect(world.players.columns.name[0]).toBe("ada");
  });

  test("appears anywhere in the middle three fifths of each side and nowhere else", () => {
    const world = createArena({ ...ARENA_PARAMETERS, width: 48, height: 60 }, { capacity: 1 });
    const places = Array.from({ length: 20_000 }, (_, tick) => spawnPlace(world, 7, tick));
    const xs = places.map(({ x }) => x);
    const ys = places.map(({ y }) => y);
    expect([Math.min(...xs), Math.max(...xs)]).toEqual([96, 384]);
    expect([Math.min(...ys), Math.max(...ys)]).toEqual([120, 480]);
  });
});

describe("a player who was kept", () => {
  test("is where and what it was", () => {
    const kept = {
      x: 1,
      y: 2,
      facingRight: false,
      health: 3,
      kills: 4,
      deaths: 5,
      score: 6,
      credits: 7,
    };
    const { world } = createArenaWith([kept]);
    expect(readArenaSelf(world, 0)).toMatchObject(kept);
  });

  test.each([
    [
      { x: 65_535, y: 20_001 },
      { x: 20_000, y: 20_000 },
    ],
    [{ health: 0 }, { health: 1 }],
    [{ health: 4_000_000_000 }, { health: 100 }],
    [{ credits: 100 }, { credits: 99 }],
    [{ credits: 0 }, { credits: 0 }],
  ])("%j is fitted in as %j", (kept, expected) => {
    const { world } = createArenaWith([kept]);
    expect(readArenaSelf(world, 0)).toMatchObject(expected);
  });
});

test("a player who was kept before there were credits has those of a newcomer", () => {
  const world = createArena(ARENA_PARAMETERS, { capacity: 1 });
  const { credits: _, ...before } = SOMEBODY;
  const value = { playerId: "ada", name: "ada", restored: before };
  stepArena(world, [{ input: { case: "join", value } }]);
  expect(readArenaSelf(world, 0).credits).toBe(3);
});

describe("a player whose entity is still there", () => {
  test("takes it over without its controls, and counts commands from the start", () => {
    const { world, entities } = createArenaWith([{}]);
    const [entity = 0] = entities;
    stepArena(world, [controlsInput(entity, 40, { dx: 1, dy: 1 })]);
    const before = readArenaSelf(world, 0);
    stepArena(world, [joinInput("player-0", { x: 5 })]);
    expect(world.effects.joined).toEqual([{ playerId: "player-0", entity, returning: true }]);
    expect(readArenaSelf(world, 0)).toEqual({
      ...before,
      controls: { dx: 0, dy: 0 },
      state: 1,
    });
    stepArena(world, [controlsInput(entity, 1, { dx: 0, dy: 1 })]);
    expect(readArenaSelf(world, 0).controls).toEqual({ dx: 0, dy: 1 });
    expect(world.players.population).toBe(1);
  });

  test("goes on with its attack", () => {
    const { world, entities } = createArenaWith([{}]);
    stepArena(world, [attackInput(entities[0] ?? 0, 1)]);
    stepArena(world, [joinInput("player-0")]);
    expect(readArenaSelf(world, 0).attackEndTick).toBe(31);
  });

  test("finds room in a full world", () => {
    const { world } = createArenaWith([{}, {}, {}, {}]);
    stepArena(world, [joinInput("player-2"), joinInput("stranger")]);
    expect(world.effects.joined.map(({ playerId }) => playerId)).toEqual(["player-2"]);
    expect(world.effects.refused).toEqual([{ playerId: "stranger" }]);
  });
});

test("a place that becomes free in a tick can be taken in the same tick", () => {
  const { world, entities } = createArenaWith([{}, {}, {}, {}]);
  stepArena(world, [leaveInput(entities[1] ?? 0), joinInput("stranger")]);
  const entity = entityId(1, 2);
  expect(world.effects.joined).toEqual([{ playerId: "stranger", entity, returning: false }]);
  expect(world.effects.refused).toEqual([]);
});
