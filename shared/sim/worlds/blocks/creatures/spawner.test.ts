import { expect, test } from "bun:test";
import { Block } from "../blocks/block-ids.ts";
import { LAYER_ACTIVE } from "../constants.ts";
import { BlocksKind } from "../entities/kinds.ts";
import { spawnerCell } from "../generation/den.ts";
import { hashBlocks } from "../hash.ts";
import { placeOf } from "../layout.ts";
import { stepBlocks } from "../step.ts";
import { createFlat, putAt } from "../testing/flat-world.ts";
import { joinInput } from "../testing/inputs.ts";
import type { BlocksWorld } from "../world.ts";
import { isSpawnTick, runSpawner, SPAWNER_MONSTERS_MAX } from "./spawner.ts";

/** The chunk in the middle of a flat world, with a spawner, and somebody so many blocks from it. */
const CHUNK = 4;

function createDen(away: number, seed = 1): BlocksWorld {
  const world = createFlat(seed);
  const { x, y } = placeOf(world.shape, spawnerCell(CHUNK));
  putAt(world, [x, y, LAYER_ACTIVE], [Block.Spawner]);
  // Out of its sight and not in its way: it has all the health that there is.
  stepBlocks(world, [joinInput("a", { x: (x + away) * 100 + 50, y: y * 100 + 50 })]);
  return world;
}

function monsters({ entities }: BlocksWorld): number {
  let count = 0;
  for (let row = 0; row < entities.rowCount; row++) {
    if (entities.columns.kind[row] === BlocksKind.Monster) count += 1;
  }
  return count;
}

/** Steps, and keeps the player alive. */
function live(world: BlocksWorld, seconds: number): void {
  for (let tick = 0; tick < seconds * world.parameters.tickRate; tick++) {
    stepBlocks(world, []);
    world.entities.columns.health[0] = 100;
  }
}

test("a spawner wakes a monster every ten seconds while a player is near", () => {
  const world = createDen(10);
  live(world, 10);
  expect(monsters(world)).toBe(1);
  live(world, 10);
  expect(monsters(world)).toBe(2);
});

test("it wakes nobody for one who is far away, dead, or not there", () => {
  const far = createDen(14);
  live(far, 40);
  expect(monsters(far)).toBe(0);
  const dead = createDen(5);
  dead.entities.columns.health[0] = 0;
  for (let tick = 0; tick < 800; tick++) stepBlocks(dead, []);
  expect(monsters(dead)).toBe(0);
});

test("around it there are never more than it may have", () => {
  const world = createDen(3);
  for (let turn = 0; turn < 20; turn++) runSpawner(world, CHUNK);
  expect(monsters(world)).toBe(SPAWNER_MONSTERS_MAX);
});

test("where none stands nothing comes, and each chunk has a tick of its own", () => {
  const world = createFlat();
  stepBlocks(world, [joinInput("a", { x: 2450, y: 2450 })]);
  live(world, 30);
  expect(monsters(world)).toBe(0);
  const ticks = Array.from({ length: 9 }, (_, chunk) => isSpawnTick(world, chunk));
  expect(ticks.filter((one) => one).length).toBeLessThanOrEqual(1);
});

test("the same land wakes the same monsters", () => {
  const [one, other] = [createDen(6, 3), createDen(6, 3)];
  for (const world of [one, other]) live(world, 25);
  expect(monsters(one)).toBeGreaterThan(0);
  expect(hashBlocks(one)).toBe(hashBlocks(other));
});
