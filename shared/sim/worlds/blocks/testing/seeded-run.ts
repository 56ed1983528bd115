// A busy world of blocks whose inputs are a pure function of a seed and of the world that they
// enter. Also bundled for browsers, to show that every engine comes to the same state.

import { makeStamp } from "#shared/time/hybrid-clock.ts";
import { createRandom, type Random } from "../../../kernel/random.ts";
import { Block } from "../blocks/block-ids.ts";
import { BLOCKS_UNIT, CHUNK_SIDE } from "../constants.ts";
import { isPerson } from "../entities/kinds.ts";
import { distanceSquared } from "../entities/nearby.ts";
import { hashBlocks } from "../hash.ts";
import { Item } from "../items/items.ts";
import { cellAt } from "../layout.ts";
import type { BlocksAction, BlocksCommand, BlocksInput } from "../messages.ts";
import { stampBits } from "../mirror.ts";
import { stepBlocks } from "../step.ts";
import { type BlocksWorld, createBlocks } from "../world.ts";
import { blockIn } from "../write-block.ts";

const CHUNK_LENGTH = CHUNK_SIDE * BLOCKS_UNIT;
/** Players who come and go in a seeded run. */
const SEEDED_PLAYERS = 40;
/** What those begin with who do not begin as newcomers. */
const SLOTS = [
  ...[Block.Planks, 64, Block.Stone, 64, Block.Water, 9, Item.Seeds, 9, Item.WaterBucket, 1],
  ...[Item.Bucket, 1, Item.Fertiliser, 9, Item.HealingPotion, 9, Item.Coin, 60, Block.Chest, 9],
  ...[Block.Door, 9, Block.Tree, 9],
];

/** State hash after `ticks` ticks of seeded inputs in a small, crowded land. */
export function runSeededBlocks(seed: number, ticks: number): string {
  const world = createSeededBlocks(seed);
  for (let tick = 0; tick < ticks; tick++) stepBlocks(world, seededInputs(seed, world));
  return hashBlocks(world);
}

/** The land of a seeded run at tick 0; a little too small for all of its players. */
export function createSeededBlocks(seed: number): BlocksWorld {
  const parameters = { seed, tickRate: 20, columns: 6, rows: 6, spawnBlocks: 8 };
  return createBlocks(parameters, { entities: 400, bags: 24, chunksLoadedMax: 12 });
}

/** What enters `world` in its next tick. */
export function seededInputs(seed: number, world: BlocksWorld): BlocksInput[] {
  const random = createRandom(seed ^ Math.imul(world.tick + 1, 0x9e3779b9));
  const inputs: BlocksInput[] = [seededStamp(world)];
  if (random.below(8) === 0) inputs.push(seededRemote(random, world));
  if (random.below(10) === 0) inputs.push(seededJoin(random));
  const { owner, sequence } = world.bags.columns;
  for (const bag of world.bagByPlayer.values()) {
    if (random.below(3) !== 0) continue;
    const entity = owner[bag] ?? 0;
    const next = (sequence[bag] ?? 0) + random.below(4);
    inputs.push(seededInput(random, world, { entity, sequence: next }));
  }
  return inputs;
}

function seededStamp(world: BlocksWorld): BlocksInput {
  const stamp = stampBits(makeStamp(1_000_000 + world.tick * 50));
  return { input: { case: "stamp", value: { region: "eu-west-1", stamp } } };
}

function seededRemote(random: Random, world: BlocksWorld): BlocksInput {
  const cells = Array.from({ length: 1 + random.below(4) }, () => ({
    x: random.below(world.shape.width + 2),
    y: random.below(world.shape.height),
    layer: random.below(3),
    block: (random.below(11) << 8) | random.below(8),
    metadata: new Uint8Array(),
    stamp: stampBits(makeStamp(999_000 + world.tick * 50 + random.below(2000))),
    gone: random.below(6) === 0,
  }));
  return { input: { case: "remote", value: { region: "us-east-1", cells } } };
}

function seededJoin(random: Random): BlocksInput {
  const number = random.below(SEEDED_PLAYERS);
  const player = { playerId: `player-${number}`, name: `Näme ${number}` };
  const place = { x: 4000 + random.below(1500), y: 4000 + random.below(1500) };
  const restored = {
    ...place,
    facing: random.below(8),
    health: 1 + random.below(40),
    slots: SLOTS,
  };
  const value = random.below(3) === 0 ? player : { ...player, restored };
  return { input: { case: "join", value } };
}

function seededInput(
  random: Random,
  world: BlocksWorld,
  { entity, sequence }: { readonly entity: number; readonly sequence: number },
): BlocksInput {
  const choice = random.below(200);
  if (choice === 0) return { input: { case: "leave", value: { entity } } };
  if (choice === 1) return { input: { case: "halt", value: { entity } } };
  if (choice === 2) return { input: { case: "rename", value: { entity, name: `n${sequence}` } } };
  const command = choice < 50 ? seededControls(random) : seededAction(random, world, entity);
  return { input: { case: "command", value: { entity, sequence, command } } };
}

/** Now and then out of range. */
function seededControls(random: Random): BlocksCommand["command"] {
  const reach = random.below(20) === 0 ? 4 : 3;
  return { case: "controls", value: { dx: random.below(reach) - 1, dy: random.below(3) - 1 } };
}

function seededAction(
  random: Random,
  world: BlocksWorld,
  entity: number,
): BlocksCommand["command"] {
  const { ids, columns } = world.entities;
  const row = ids.indexOf(entity);
  const here = { x: columns.x[row] ?? 0, y: columns.y[row] ?? 0 };
  const target = seededTarget(random, world, { row, here });
  const place = {
    x: Math.max(0, Math.floor(here.x / 100) + random.below(7) - 3),
    y: Math.max(0, Math.floor(here.y / 100) + random.below(7) - 3),
    layer: random.below(3),
  };
  const action = anyAction(random, world, { target, place });
  return { case: "action", value: { action } };
}

/** Mostly somebody or something that is really near. */
function seededTarget(
  random: Random,
  world: BlocksWorld,
  {
    row,
    here,
  }: { readonly row: number; readonly here: { readonly x: number; readonly y: number } },
): number {
  const { ids } = world.entities;
  const reach = random.below(4) === 0 ? 2000 : 220;
  const near: number[] = [];
  for (let other = 0; other < world.entities.rowCount; other++) {
    if (ids[other] === 0 || other === row) continue;
    if (distanceSquared(world, other, here) < reach * reach) near.push(other);
  }
  // By chunk: the runs' seeds were chosen for what happens in this order.
  const { x, y } = world.entities.columns;
  const chunkOf = (other: number) => {
    const column = Math.floor((x[other] ?? 0) / CHUNK_LENGTH);
    return Math.floor((y[other] ?? 0) / CHUNK_LENGTH) * world.shape.columns + column;
  };
  near.sort((left, right) => chunkOf(left) - chunkOf(right) || left - right);
  return ids[near[random.below(Math.max(1, near.length))] ?? row] ?? 0;
}

interface Near {
  readonly target: number;
  readonly place: { readonly x: number; readonly y: number; readonly layer: number };
}

function anyAction(
  random: Random,
  world: BlocksWorld,
  { target, place }: Near,
): BlocksAction["action"] {
  const slot = random.below(14);
  const { x, y } = place;
  switch (random.below(16)) {
    case 0:
      return { case: undefined };
    case 1:
      return { case: "respawn", value: {} };
    case 2:
      return { case: "emote", value: { emote: random.below(40) } };
    case 3:
    case 4:
      return { case: "drop", value: { slot, count: random.below(4), x, y } };
    case 5:
    case 6:
      return { case: "pickup", value: { entity: target } };
    case 7:
    case 8:
      return { case: "useItem", value: { slot, place } };
    case 9:
    case 10:
      return { case: "attack", value: { entity: target } };
    case 11:
    case 12:
      return { case: "buildPlace", value: { slot, place } };
    case 13:
    case 14:
      return { case: "interact", value: seededInteraction(random, world, { target, place }) };
    default:
      return { case: "buildBreak", value: { place } };
  }
}

function seededInteraction(random: Random, world: BlocksWorld, { target, place }: Near) {
  const choice = [0, 1, 2, 101, 102, 103, 104][random.below(7)] ?? 0;
  if (random.below(3) === 0) {
    const value = personNear(world, place) ?? target;
    return { target: { case: "entity" as const, value }, choice };
  }
  return { target: { case: "place" as const, value: usableNear(world, place) }, choice };
}

/** A person within reach of a place, if there is one. */
function personNear({ entities }: BlocksWorld, { x, y }: Near["place"]): number | undefined {
  const { ids, columns } = entities;
  const reach = 3 * BLOCKS_UNIT;
  for (let row = 0; row < entities.rowCount; row++) {
    if (ids[row] === 0 || !isPerson(columns.kind[row] ?? 0)) continue;
    const right = Math.abs((columns.x[row] ?? 0) - x * BLOCKS_UNIT);
    const down = Math.abs((columns.y[row] ?? 0) - y * BLOCKS_UNIT);
    if (right < reach && down < reach) return ids[row];
  }
  return undefined;
}

/** A chest or door within two blocks of a place, or the place. */
function usableNear(world: BlocksWorld, { x, y }: Near["place"]): Near["place"] {
  for (let index = 0; index < 25; index++) {
    const place = { x: x - 2 + (index % 5), y: y - 2 + Math.floor(index / 5), layer: 1 };
    const cell = cellAt(world.shape, place);
    const id = cell === -1 ? Block.Air : blockIn(world, cell);
    if (id === Block.Chest || id === Block.Door) return place;
  }
  return { x, y, layer: 1 };
}
