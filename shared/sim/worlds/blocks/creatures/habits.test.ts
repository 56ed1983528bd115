import { expect, test } from "bun:test";
import { rowOf } from "../../../kernel/entity-table.ts";
import { BlocksKind } from "../entities/kinds.ts";
import { act, createFlatWith, stepUntil } from "../testing/inputs.ts";
import type { BlocksWorld } from "../world.ts";
import { setHunger } from "./hunger.ts";
import { Mood } from "./mood.ts";
import { spawnCreature } from "./spawn-creature.ts";

/** A flat world with a player in block (20, 20). */
function createMeadow(): { world: BlocksWorld; me: number } {
  const { world, entities } = createFlatWith([{}]);
  return { world, me: entities[0] ?? 0 };
}

function apart({ entities }: BlocksWorld, one: number, other: number): number {
  const { x, y } = entities.columns;
  return Math.hypot((x[one] ?? 0) - (x[other] ?? 0), (y[one] ?? 0) - (y[other] ?? 0));
}

test("a cow stands and chews after a meal", () => {
  const { world } = createMeadow();
  const row = spawnCreature(world, BlocksKind.Cow, { x: 30, y: 30 });
  const { columns } = world.entities;
  setHunger(world, row, 500);
  for (let tick = 0; columns.mood[row] !== Mood.Graze && tick < 400; tick++) {
    stepUntil(world, world.tick + 1);
  }
  expect(columns.mood[row]).toBe(Mood.Graze);
  while (columns.mood[row] === Mood.Graze) stepUntil(world, world.tick + 1);
  const began = world.tick;
  while (columns.mood[row] === Mood.Idle) stepUntil(world, world.tick + 1);
  expect((world.tick - began) / 20).toBeCloseTo(8, 0);
});

test("sheep that were scattered come together", () => {
  const { world } = createMeadow();
  const rows = [22, 34].map((x) => spawnCreature(world, BlocksKind.Sheep, { x, y: 28 }));
  const [one = 0, other = 0] = rows;
  expect(apart(world, one, other)).toBe(1200);
  let nearest = Number.POSITIVE_INFINITY;
  for (let second = 0; second < 40; second++) {
    stepUntil(world, world.tick + 20);
    nearest = Math.min(nearest, apart(world, one, other));
  }
  expect(nearest).toBeLessThan(400);
});

test("a chicken flutters off from who comes near", () => {
  const { world, me } = createMeadow();
  const row = spawnCreature(world, BlocksKind.Chicken, { x: 22, y: 20 });
  stepUntil(world, world.tick + 20);
  expect(apart(world, row, rowOf(world.entities, me))).toBeGreaterThan(300);
});

test("a pig that rests trots up to who stands near, and looks at them", () => {
  const { world, me } = createMeadow();
  const row = spawnCreature(world, BlocksKind.Pig, { x: 24, y: 20 });
  let nearest = Number.POSITIVE_INFINITY;
  for (let second = 0; second < 20; second++) {
    stepUntil(world, world.tick + 20);
    nearest = Math.min(nearest, apart(world, row, rowOf(world.entities, me)));
  }
  expect(nearest).toBeLessThanOrEqual(150);
});

test("when one horse is hurt, its herd bolts, and horses far away do not", () => {
  const { world, me } = createMeadow();
  const rows = [21, 26, 31].map((x) => spawnCreature(world, BlocksKind.Horse, { x, y: 20 }));
  const far = spawnCreature(world, BlocksKind.Horse, { x: 21, y: 35 });
  const cow = spawnCreature(world, BlocksKind.Cow, { x: 22, y: 21 });
  const entity = world.entities.ids[rows[0] ?? 0] ?? 0;
  expect(act(world, me, { case: "attack", value: { entity } })).toBeNull();
  const { mood } = world.entities.columns;
  expect(rows.map((row) => mood[row])).toEqual([Mood.Flee, Mood.Flee, Mood.Flee]);
  expect([mood[far], mood[cow]]).not.toContain(Mood.Flee);
});
