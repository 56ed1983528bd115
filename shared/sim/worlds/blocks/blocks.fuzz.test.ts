// Any inputs, valid or not, against the plain model: both must be in the same state after each
// tick. Repeat one seed with: bun test shared/sim/worlds/blocks/blocks.fuzz.test.ts -t "seed 5$"

import { expect, test } from "bun:test";
import { createRandom, type Random } from "../../kernel/random.ts";
import { Block } from "./blocks/block-ids.ts";
import { CHUNK_CELLS } from "./constants.ts";
import { stackIn } from "./entities/bags.ts";
import { readChest } from "./entities/chests.ts";
import type { BlocksAction, BlocksCommand, BlocksInput } from "./messages.ts";
import { stepBlocks } from "./step.ts";
import { at, createFlat } from "./testing/flat-world.ts";
import { createModel, type Model, putBlock, stepModel } from "./testing/model.ts";
import type { BlocksWorld } from "./world.ts";
import { blockIn, levelIn, setBlock } from "./write-block.ts";

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const TICKS = 400;

test.each(SEEDS)("world and model agree for seed %d", (seed) => {
  const random = createRandom(seed);
  const world = createFlat(seed);
  const model = createModel(world);
  furnish(random, world, model);
  for (let tick = 1; tick <= TICKS; tick++) {
    const inputs = anyInputs(random, world);
    stepBlocks(world, inputs);
    stepModel(model, inputs);
    const repeat = `seed ${seed}, tick ${tick}`;
    expect(describeWorld(world), repeat).toEqual(describeModel(model));
    const { rejections, outcomes } = world.effects;
    expect(inOrder([...rejections, ...outcomes]), repeat).toEqual(inOrder(model.outcomes));
    expect([...world.awake], repeat).toEqual(model.land.due);
  }
  expectSameLand(world, model, seed);
});

/** The world tells of what lasts and of what does not apart. */
function inOrder(told: readonly object[]): string[] {
  return told.map((one) => JSON.stringify(one)).sort();
}

/** Walls, doors, chests, water and holes around the middle, where everybody is. */
function furnish(random: Random, world: BlocksWorld, model: Model): void {
  const { Planks, Door, Chest, Water, Air, Stone, Tree, Dirt } = Block;
  for (let count = 0; count < 60; count++) {
    const layer = random.below(3);
    const ids = layer === 0 ? [Air, Water, Dirt, Stone] : [Planks, Door, Chest, Tree, Stone];
    const id = ids[random.below(ids.length)] ?? 0;
    const cell = at(world, 16 + random.below(12), 16 + random.below(12), layer);
    const level = id === Water || id === Stone ? 5 : random.below(2);
    setBlock(world, cell, id, level);
    putBlock(model, cell, id, level);
  }
}

function anyInputs(random: Random, world: BlocksWorld): BlocksInput[] {
  const inputs = Array.from({ length: random.below(8) }, () => anyInput(random, world));
  if (world.tick < 4) inputs.push(anyJoin(random), anyJoin(random));
  return inputs;
}

function anyInput(random: Random, world: BlocksWorld): BlocksInput {
  const choice = random.below(120);
  if (choice === 0) return { input: { case: undefined } };
  if (choice < 4) return anyJoin(random);
  if (choice === 6) return { input: { case: "restart", value: {} } };
  const players = [...world.bagByPlayer.values()];
  const bag = players[random.below(Math.max(1, players.length))] ?? 0;
  const entity =
    random.below(30) === 0 ? anyEntity(random, world) : (world.bags.columns.owner[bag] ?? 0);
  if (choice === 4) return { input: { case: "leave", value: { entity: ownerOf(world, bag) } } };
  if (choice === 5) return { input: { case: "halt", value: { entity } } };
  const sequence = (world.bags.columns.sequence[bag] ?? 0) + random.below(4);
  const command = anyCommand(random, world);
  return { input: { case: "command", value: { entity, sequence, command } } };
}

function ownerOf(world: BlocksWorld, bag: number): number {
  return world.bags.columns.owner[bag] ?? 0;
}

function anyJoin(random: Random): BlocksInput {
  const player = { playerId: `p${random.below(20)}`, name: `n${random.below(99)}` };
  const kinds = [1, 2, 3, 8, 101, 200, 201, 2000, 2001, 2002, 2003, 2004, 2005, 2006];
  const slots = Array.from({ length: random.below(30) }, () => {
    const item = kinds[random.below(kinds.length)] ?? 0;
    return [item, 1 + random.below(70)];
  });
  const place = { x: 1600 + random.below(1200), y: 1600 + random.below(1200) };
  const body = { facing: random.below(8), health: 1 + random.below(100) };
  const restored = { ...place, ...body, slots: slots.flat() };
  return { input: { case: "join", value: { ...player, restored } } };
}

function anyEntity(random: Random, world: BlocksWorld): number {
  const { ids, capacity } = world.entities;
  return random.below(10) === 0 ? random.uint32() : (ids[random.below(capacity)] ?? 0);
}

function anyCommand(random: Random, world: BlocksWorld): BlocksCommand["command"] {
  const choice = random.below(10);
  if (choice < 4) {
    const reach = random.below(12) === 0 ? 5 : 3;
    return { case: "controls", value: { dx: random.below(reach) - 1, dy: random.below(3) - 1 } };
  }
  return { case: "action", value: { action: anyAction(random, world) } };
}

function anyAction(random: Random, world: BlocksWorld): BlocksAction["action"] {
  const x = 15 + random.below(14);
  const y = 15 + random.below(14);
  const place = { x, y, layer: random.below(25) === 0 ? 3 : random.below(3) };
  const slot = random.below(38);
  switch (random.below(11)) {
    case 0:
      return { case: undefined };
    case 1:
      return { case: "emote", value: { emote: random.below(40) } };
    case 2:
      return { case: "respawn", value: {} };
    case 3:
      return { case: "attack", value: { entity: anyEntity(random, world) } };
    case 4:
      return { case: "pickup", value: { entity: anyEntity(random, world) } };
    case 5:
      return { case: "drop", value: { slot, count: random.below(6), x, y } };
    case 6:
      return { case: "buildPlace", value: random.below(20) === 0 ? { slot } : { slot, place } };
    case 7:
    case 8:
      return { case: "buildBreak", value: { place } };
    case 9:
      return { case: "useItem", value: { slot, place } };
    default:
      return { case: "interact", value: anyInteraction(random, place) };
  }
}

function anyInteraction(random: Random, place: { x: number; y: number; layer: number }) {
  const choice = [0, 0, 1, 2, 3, 28, 101, 105, 140][random.below(9)] ?? 0;
  return { target: { case: "place" as const, value: { ...place, layer: 1 } }, choice };
}

function describeWorld(world: BlocksWorld): unknown[] {
  const { ids, columns, capacity } = world.entities;
  return Array.from({ length: capacity }, (_, row) => {
    if (ids[row] === 0) return undefined;
    const bag = (columns.bag[row] ?? 0) - 1;
    const body = {
      id: ids[row],
      x: columns.x[row],
      y: columns.y[row],
      health: columns.health[row],
    };
    if (bag === -1) return { ...body, slots: [[columns.item[row], columns.count[row]]] };
    const { playerId, name, sequence } = world.bags.columns;
    const stacks = Array.from({ length: 36 }, (_, slot) => stackIn(world, bag, slot));
    return {
      ...body,
      ...{ dx: columns.dx[row], dy: columns.dy[row], facing: columns.facing[row] },
      ...{ playerId: playerId[bag], name: name[bag], sequence: sequence[bag] },
      ready: columns.attackReadyTick[row],
      slots: stacks.map(({ item, count }) => (count === 0 ? undefined : [item, count])),
    };
  });
}

function describeModel(model: Model): unknown[] {
  return model.rows.map((entity) => {
    if (entity === undefined) return undefined;
    const { id, x, y, health, dx, dy, facing, readyTick, player } = entity;
    const slots = entity.slots.map((stack) => stack && [stack.item, stack.count]);
    if (player === undefined) return { id, x, y, health, slots };
    return { id, x, y, health, dx, dy, facing, ...player, ready: readyTick, slots };
  });
}

function expectSameLand(world: BlocksWorld, model: Model, seed: number): void {
  for (let cell = 0; cell < 9 * CHUNK_CELLS; cell++) {
    const expected = model.land.cells.get(cell);
    if (blockIn(world, cell) === expected?.id && levelIn(world, cell) === expected.level) continue;
    throw new Error(`seed ${seed}: cell ${cell} is ${blockIn(world, cell)}, not ${expected?.id}`);
  }
  for (const [cell, stacks] of model.chests) {
    if (blockIn(world, cell) !== Block.Chest) continue;
    const held = stacks.map((stack) => stack ?? { item: 0, count: 0 });
    expect(readChest(world, cell)).toEqual(held);
  }
}
