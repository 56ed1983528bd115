import { describe, expect, test } from "bun:test";
import { ArenaState } from "#proto/arena_pb.ts";
import { readArenaSelf } from "../self.ts";
import { stepArena } from "../step.ts";
import { attackInput, controlsInput, createArenaWith, stepUntil } from "../testing/inputs.ts";

describe("reach, from (10000, 10000) to the right", () => {
  test.each([
    ["right before", 10_001, 10_000, true],
    ["on the same spot", 10_000, 10_000, true],
    ["at full range", 10_480, 10_000, true],
    ["a tenth too far", 10_481, 10_000, false],
    ["right above", 10_000, 9_520, true],
    ["right below", 10_000, 10_480, true],
    ["a tenth too far below", 10_000, 10_481, false],
    ["diagonally at full range", 10_288, 10_384, true],
    ["diagonally a tenth too far", 10_289, 10_384, false],
    ["a little behind", 9_920, 10_000, true],
    ["a tenth too far behind", 9_919, 10_000, false],
    ["far away", 0, 20_000, false],
  ])("%s", (_, x, y, expected) => {
    for (const right of [true, false]) {
      // The same picture in a mirror, for who looks to the left.
      const side = right ? x : 20_000 - x;
      const { world, entities } = createArenaWith([{ facingRight: right }, { x: side, y }]);
      const [attacker = 0, target = 0] = entities;
      stepArena(world, [attackInput(attacker, 1)]);
      const hit = { attacker, target, damage: 20 };
      expect(world.effects.hits).toEqual(expected ? [hit] : []);
      expect(readArenaSelf(world, 1).health).toBe(expected ? 80 : 100);
    }
  });

  test.each([
    [0, 0, 300, 300],
    [20_000, 20_000, 20_000, 19_700],
    [2_560, 2_560, 2_559, 2_559],
    [2_559, 5_120, 2_800, 5_119],
  ])("across cells and at the edges: (%d, %d) hits (%d, %d)", (x, y, targetX, targetY) => {
    const { world, entities } = createArenaWith([
      { x, y },
      { x: targetX, y: targetY },
    ]);
    stepArena(world, [attackInput(entities[0] ?? 0, 1)]);
    expect(world.effects.hits).toHaveLength(1);
  });
});

describe("a strike", () => {
  test("hits everyone in reach in the order of their rows, and earns a point for each", () => {
    const { world, entities } = createArenaWith([
      { x: 10_400 },
      { x: 10_100, y: 9_900 },
      {},
      { x: 5 },
      { x: 10_300, y: 10_200 },
    ]);
    const attacker = entities[2] ?? 0;
    stepArena(world, [attackInput(attacker, 1)]);
    const targets = world.effects.hits.map(({ target }) => target);
    expect(targets).toEqual([entities[0] ?? 0, entities[1] ?? 0, entities[4] ?? 0]);
    expect(readArenaSelf(world, 2)).toMatchObject({ score: 3, kills: 0, health: 100 });
  });

  test("comes in the tick in which the attack starts, and only then", () => {
    const { world, entities } = createArenaWith([{}, { x: 10_100 }]);
    stepArena(world, [attackInput(entities[0] ?? 0, 1)]);
    for (let tick = 0; tick < 40; tick++) {
      stepArena(world, []);
      expect(world.effects.hits).toEqual([]);
    }
  });

  test("comes after the movement of its tick", () => {
    const { world, entities } = createArenaWith([{}, { x: 10_500 }, { x: 10_470 }]);
    const [attacker = 0, comes = 0, goes = 0] = entities;
    stepArena(world, [
      attackInput(attacker, 1),
      controlsInput(comes, 1, { dx: -1, dy: 0 }),
      controlsInput(goes, 1, { dx: 1, dy: 0 }),
    ]);
    expect(world.effects.hits).toEqual([{ attacker, target: comes, damage: 20 }]);
  });

  test("that takes the last health kills, and earns the killer a kill and eleven points", () => {
    const { world, entities } = createArenaWith([{}, { x: 10_100, health: 15 }]);
    const [killer = 0, entity = 0] = entities;
    stepArena(world, [attackInput(entity, 1), attackInput(killer, 1)]);
    expect(world.effects.hits).toEqual([{ attacker: killer, target: entity, damage: 15 }]);
    expect(world.effects.deaths).toEqual([{ entity, killer }]);
    expect(readArenaSelf(world, 0)).toMatchObject({ kills: 1, score: 11, deaths: 0 });
    expect([...world.effects.lasting].sort()).toEqual([killer, entity]);
    const dead = { kills: 0, deaths: 1, health: 0, state: ArenaState.DEAD, attackEndTick: 0 };
    expect(readArenaSelf(world, 1)).toMatchObject(dead);
  });

  test.each([
    [3, 4],
    [99, 99],
  ])("that kills turns %d credits into %d", (credits, after) => {
    const { world, entities } = createArenaWith([{ credits }, { x: 10_100, health: 20 }]);
    stepArena(world, [attackInput(entities[0] ?? 0, 1)]);
    expect([readArenaSelf(world, 0).credits, readArenaSelf(world, 1).credits]).toEqual([after, 3]);
  });

  test("passes through the dead", () => {
    const { world, entities } = createArenaWith([{}, { x: 10_100, health: 20 }, { x: 10_050 }]);
    const [first = 0, , second = 0] = entities;
    stepArena(world, [attackInput(first, 1)]);
    stepArena(world, [attackInput(second, 1)]);
    expect(world.effects.hits.map(({ target }) => target)).not.toContain(entities[1] ?? 0);
    expect(readArenaSelf(world, 1).deaths).toBe(1);
  });
});

describe("strikes in the same tick", () => {
  test("are simultaneous: two can kill each other", () => {
    const left = { health: 20, facingRight: true };
    const right = { health: 20, facingRight: false, x: 10_100 };
    const { world, entities } = createArenaWith([left, right]);
    const [first = 0, second = 0] = entities;
    stepArena(world, [attackInput(second, 1), attackInput(first, 1)]);
    expect(world.effects.deaths).toEqual([
      { entity: second, killer: first },
      { entity: first, killer: second },
    ]);
  });

  test("share a victim in the order of the attackers' rows; nobody dies twice", () => {
    const { world, entities } = createArenaWith([{ health: 30, x: 10_100 }, {}, {}, {}]);
    const [victim = 0, first = 0, second = 0, third = 0] = entities;
    stepArena(world, [attackInput(third, 1), attackInput(second, 1), attackInput(first, 1)]);
    const onVictim = world.effects.hits.filter(({ target }) => target === victim);
    expect(onVictim).toEqual([
      { attacker: first, target: victim, damage: 20 },
      { attacker: second, target: victim, damage: 10 },
    ]);
    expect(world.effects.deaths).toEqual([{ entity: victim, killer: second }]);
  });
});

test("five strikes kill, each a second after the one before", () => {
  const { world, entities } = createArenaWith([{}, { x: 10_100 }]);
  const attacker = entities[0] ?? 0;
  for (let strike = 1; strike <= 5; strike++) {
    expect(readArenaSelf(world, 1).health).toBe(100 - (strike - 1) * 20);
    stepArena(world, [attackInput(attacker, strike)]);
    expect(world.effects.deaths).toHaveLength(strike === 5 ? 1 : 0);
    stepUntil(world, world.tick + 29);
  }
});
