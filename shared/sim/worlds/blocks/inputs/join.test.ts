import { expect, test } from "bun:test";
import { STARTING_ITEMS } from "../items/items.ts";
import { BLOCKS_PARAMETERS } from "../parameters.ts";
import { isDryLand } from "../spawn.ts";
import { stepBlocks } from "../step.ts";
import { createFlatWith, joinInput, leaveInput, slotsOf } from "../testing/inputs.ts";
import { createBlocks } from "../world.ts";

test("a newcomer begins on dry land near the middle, with something to begin with", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const room = { entities: 1000, bags: 8 };
    const world = createBlocks({ ...BLOCKS_PARAMETERS, seed }, room);
    stepBlocks(world, [joinInput("a"), joinInput("b")]);
    for (const { entity } of world.effects.joined) {
      const row = world.entities.ids.indexOf(entity);
      const [x = 0, y = 0] = [world.entities.columns.x[row], world.entities.columns.y[row]];
      expect(isDryLand(world, Math.floor(x / 100), Math.floor(y / 100))).toBe(true);
      expect(Math.abs(x / 100 - 1024)).toBeLessThan(200);
      expect(slotsOf(world, entity)).toEqual(STARTING_ITEMS.flat());
    }
  }
});

test("who leaves and comes back is as it was", () => {
  const player = { x: 777, y: 888, facing: 3, health: 7, slots: [1, 2] };
  const { world, entities } = createFlatWith([
    { x: 777, y: 888, facing: 3, health: 7, slots: [1, 2] },
  ]);
  stepBlocks(world, [leaveInput(entities[0] ?? 0)]);
  const kept = world.effects.departed[0]?.player;
  expect(kept).toEqual(player);
  stepBlocks(world, [joinInput("player-0", kept)]);
  stepBlocks(world, [leaveInput(world.effects.joined[0]?.entity ?? 0)]);
  expect(world.effects.departed[0]?.player).toEqual(player);
});

test("one who is still there is handed its entity", () => {
  const { world, entities } = createFlatWith([{}]);
  stepBlocks(world, [joinInput("player-0")]);
  const [entity = 0] = entities;
  expect(world.effects.joined).toEqual([{ playerId: "player-0", entity, returning: true }]);
  expect(world.bags.population).toBe(1);
});

test("without room a join is refused and leaves nothing behind", () => {
  const world = createBlocks(
    { ...BLOCKS_PARAMETERS, columns: 3, rows: 3 },
    { entities: 1, bags: 4 },
  );
  stepBlocks(world, [joinInput("a", {}), joinInput("b", {})]);
  expect(world.effects.refused).toEqual([{ playerId: "b" }]);
  expect([world.entities.population, world.bags.population]).toEqual([1, 1]);
});

test("what was kept elsewhere is fitted into this world", () => {
  const odd = { x: 1e9, y: 0, facing: 9, health: 900, slots: [1, 200, 60_000, 1] };
  const { world, entities } = createFlatWith([odd]);
  stepBlocks(world, [leaveInput(entities[0] ?? 0)]);
  const kept = { x: 4760, y: 40, facing: 1, health: 100, slots: [1, 64] };
  expect(world.effects.departed[0]?.player).toEqual(kept);
});
