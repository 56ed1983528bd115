import { expect, test } from "bun:test";
import { rowOf } from "../../../kernel/entity-table.ts";
import { BlocksKind } from "../entities/kinds.ts";
import { hashBlocks } from "../hash.ts";
import type { BlocksGhost, BlocksInput } from "../messages.ts";
import { stepBlocks } from "../step.ts";
import { createFlat } from "../testing/flat-world.ts";
import type { BlocksWorld } from "../world.ts";

const ANN: BlocksGhost = { entity: 77, name: "Ann", x: 2_050, y: 2_050, facing: 2, health: 90 };

function told(region: string, ...ghosts: Partial<BlocksGhost>[]): BlocksInput {
  const whole = ghosts.map((ghost) => ({ ...ANN, ...ghost }));
  return { input: { case: "ghosts", value: { region, ghosts: whole } } };
}

function placesOf(world: BlocksWorld): [number, number][] {
  const { ids, columns, rowCount } = world.ghosts;
  const { x, y } = world.entities.columns;
  const places: [number, number][] = [];
  for (let ghost = 0; ghost < rowCount; ghost++) {
    const row = rowOf(world.entities, columns.entity[ghost] ?? 0);
    if (ids[ghost] !== 0) places.push([x[row] ?? 0, y[row] ?? 0]);
  }
  return places;
}

test("a player of another region appears, walks to where it is told to be, and goes", () => {
  const world = createFlat();
  stepBlocks(world, [told("there", {})]);
  expect(placesOf(world)).toEqual([[2_050, 2_050]]);
  expect(world.entities.columns.kind[0]).toBe(BlocksKind.Ghost);
  stepBlocks(world, [told("there", { x: 2_150 })]);
  const [[first] = [0]] = placesOf(world);
  expect(first).toBeGreaterThan(2_050);
  expect(first).toBeLessThan(2_150);
  for (let tick = 0; tick < 10; tick++) stepBlocks(world, []);
  expect(placesOf(world)).toEqual([[2_150, 2_050]]);
  stepBlocks(world, [told("there")]);
  expect([placesOf(world), world.entities.population]).toEqual([[], 0]);
});

test("each region tells of its own, and one that is far away is put there", () => {
  const world = createFlat();
  stepBlocks(world, [told("there", {}), told("elsewhere", {}, { entity: 78 })]);
  expect(placesOf(world).length).toBe(3);
  stepBlocks(world, [told("elsewhere"), told("there", { x: 400 })]);
  expect(placesOf(world)).toEqual([[400, 2_050]]);
});

test("none is outside of the world, more than there is room for are not shown", () => {
  const world = createFlat();
  stepBlocks(world, [told("there", { x: 4_000_000_000, y: 0 })]);
  const [[x, y] = [0, 0]] = placesOf(world);
  expect(x).toBeLessThan(world.shape.width * 100);
  expect(y).toBe(40);
  const many = Array.from({ length: 2_000 }, (_, entity) => ({ entity: entity + 1 }));
  stepBlocks(world, [told("there", ...many)]);
  expect(world.entities.population).toBe(world.entities.capacity);
});

test("after a start nobody is shown who was not told of since", () => {
  const world = createFlat();
  const empty = hashBlocks(createFlat());
  stepBlocks(world, [told("there", {})]);
  expect(hashBlocks(world)).not.toBe(empty);
  stepBlocks(world, [{ input: { case: "restart", value: {} } }]);
  expect([world.ghosts.population, world.entities.population]).toEqual([0, 0]);
});
