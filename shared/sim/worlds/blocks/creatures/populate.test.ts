import { expect, test } from "bun:test";
import { BlocksKind, isCreature } from "../entities/kinds.ts";
import { hashBlocks } from "../hash.ts";
import { BLOCKS_PARAMETERS } from "../parameters.ts";
import { stepBlocks } from "../step.ts";
import { joinInput, leaveInput } from "../testing/inputs.ts";
import { type BlocksWorld, createBlocks } from "../world.ts";
import { populateChunk } from "./populate.ts";

const ROOM = { entities: 20_000, bags: 3000 };

function kindsIn({ entities }: BlocksWorld): Map<number, number> {
  const kinds = new Map<number, number>();
  for (let row = 0; row < entities.rowCount; row++) {
    const kind = entities.columns.kind[row] ?? 0;
    if (entities.ids[row] !== 0) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return kinds;
}

test("every kind of creature lives somewhere, and not more than there is room for", () => {
  const world = createBlocks({ ...BLOCKS_PARAMETERS, columns: 48, rows: 48 }, ROOM);
  for (let chunk = 0; chunk < 48 * 48; chunk++) populateChunk(world, chunk);
  const kinds = kindsIn(world);
  for (const [name, kind] of Object.entries(BlocksKind)) {
    if (isCreature(kind)) expect(kinds.get(kind) ?? 0, name).toBeGreaterThan(10);
  }
  const small = createBlocks(BLOCKS_PARAMETERS, { entities: 80, bags: 8 });
  for (let chunk = 0; chunk < 4000; chunk++) populateChunk(small, chunk);
  expect(small.entities.population).toBeGreaterThanOrEqual(70);
  expect(small.entities.population).toBeLessThan(80);
});

test("creatures come when a player first comes near, once, and rest while nobody is there", () => {
  const world = createBlocks(BLOCKS_PARAMETERS, ROOM);
  for (let tick = 0; tick < 5; tick++) stepBlocks(world, []);
  expect(world.entities.population).toBe(0);
  stepBlocks(world, [joinInput("first")]);
  const { entity } = world.effects.joined[0] ?? { entity: 0 };
  const creatures = world.entities.population - 1;
  expect(creatures).toBeGreaterThan(3);
  expect(world.populated.reduce((sum, one) => sum + one, 0)).toBe(25);
  stepBlocks(world, [leaveInput(entity)]);
  const places = [...world.entities.columns.x];
  for (let tick = 0; tick < 100; tick++) stepBlocks(world, []);
  expect([...world.entities.columns.x]).toEqual(places);
  expect(world.entities.population).toBe(creatures);
});

test("of many chunks that somebody comes near in one tick some wait for the next", () => {
  const world = createBlocks(BLOCKS_PARAMETERS, ROOM);
  const joins = [1, 2, 3, 4].map((index) =>
    joinInput(`far-${index}`, { x: index * 40_000, y: index * 40_000 }),
  );
  const peopled = [0, 0, 0].map(() => {
    stepBlocks(world, joins.splice(0));
    return world.populated.reduce((sum, one) => sum + one, 0);
  });
  expect(peopled).toEqual([50, 100, 100]);
});

test("the same inputs bring the same creatures to the same places", () => {
  const hashes = [1, 2].map(() => {
    const world = createBlocks(BLOCKS_PARAMETERS, ROOM);
    stepBlocks(world, [joinInput("a"), joinInput("b")]);
    for (let tick = 0; tick < 300; tick++) stepBlocks(world, []);
    return hashBlocks(world);
  });
  expect(hashes[0]).toBe(hashes[1] ?? "");
});
