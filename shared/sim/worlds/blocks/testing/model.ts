// The rules of players and of what they carry once more, written as plainly as possible: objects,
// searches through everybody, bodies that move by a hundredth of a block at a time. Slow, and
// different enough from the real thing to disagree with its mistakes. Creatures are not in it.

import { RejectionReason } from "#proto/frame_pb.ts";
import { Block } from "../blocks/block-ids.ts";
import { Item } from "../items/items.ts";
import { cellAt, placeOf } from "../layout.ts";
import type { BlocksAction, BlocksInput, BlocksJoin } from "../messages.ts";
import { spawnPlace } from "../spawn.ts";
import type { BlocksWorld } from "../world.ts";
import { type BlockModel, createBlockModel, putInModel, stepBlockModel } from "./block-model.ts";
import { tryAction } from "./model-actions.ts";
import { moveModelPlayer } from "./model-movement.ts";

export interface ModelStack {
  item: number;
  count: number;
}

export interface ModelEntity {
  id: number;
  /** Undefined for what lies on the ground. */
  player: { playerId: string; name: string; sequence: number } | undefined;
  x: number;
  y: number;
  dx: number;
  dy: number;
  facing: number;
  health: number;
  readyTick: number;
  /** 36 slots of a player, one of what lies on the ground. */
  slots: (ModelStack | undefined)[];
}

/** All there is to know. */
export interface Model {
  readonly land: BlockModel;
  readonly chests: Map<number, (ModelStack | undefined)[]>;
  readonly rows: (ModelEntity | undefined)[];
  readonly generations: number[];
  readonly outcomes: { entity: number; sequence: number; reason: RejectionReason }[];
}

/** A model of a world without entities; of the world itself only seed and sizes are used later. */
export function createModel(world: BlocksWorld): Model {
  const { capacity } = world.entities;
  return {
    land: createBlockModel(world),
    chests: new Map(),
    rows: new Array<ModelEntity | undefined>(capacity).fill(undefined),
    generations: new Array<number>(capacity).fill(0),
    outcomes: [],
  };
}

/** One tick. The world has been stepped already: where the dead come back is looked up in it. */
export function stepModel(model: Model, inputs: readonly BlocksInput[]): void {
  model.outcomes.length = 0;
  stepBlockModel(model.land);
  for (const { input } of inputs) {
    if (input.case === "join") join(model, input.value);
    else if (input.case === "leave") remove(model, input.value.entity);
    else if (input.case === "halt") halt(model, input.value.entity);
    else if (input.case === "command") command(model, input.value);
    else if (input.case === "restart") restart(model);
  }
  for (const entity of playersOf(model)) {
    if (entity.health > 0) moveModelPlayer(model, entity);
  }
}

/** Block at a place; undefined outside of the world. */
export function blockOf(
  model: Model,
  x: number,
  y: number,
  layer: number,
): { cell: number; id: number; level: number } | undefined {
  const cell = cellAt(model.land.world.shape, { x, y, layer });
  const block = model.land.cells.get(cell);
  return block === undefined ? undefined : { cell, ...block };
}

/** Puts a block somewhere, and with a tree its top. */
export function putBlock(model: Model, cell: number, id: number, level = 0): void {
  putInModel(model.land, cell, id, level);
}

/** Whether one can walk onto a block. */
export function isFree(model: Model, x: number, y: number): boolean {
  const floor = blockOf(model, x, y, 0);
  const active = blockOf(model, x, y, 1);
  if (floor === undefined || active === undefined) return false;
  if (active.id === Block.Door) return active.level === 1;
  if (active.id === Block.Air) return floor.id !== Block.Air;
  return active.id === Block.Water || active.id === Block.DeepWater;
}

/** Everybody who is a player, alive or not. */
export function playersOf(model: Model): ModelEntity[] {
  const all = model.rows.filter((entity) => entity !== undefined);
  return all.filter(({ player }) => player !== undefined);
}

/** The entity with an id. */
export function findEntity(model: Model, id: number): ModelEntity | undefined {
  return model.rows.find((entity) => entity?.id === id);
}

/** Whether something more may lie there: of 8 bags 7 are for players, each of whom finds a row. */
export function hasRoom(model: Model): boolean {
  const players = playersOf(model).length;
  const used = model.rows.filter((entity) => entity !== undefined).length;
  const bags = model.land.world.bags.capacity;
  return used + Math.max(0, Math.ceil((bags * 7) / 8) - players) < model.rows.length;
}

/** Lays a stack on a block; false when the world is full. */
export function lay(model: Model, cell: number, stack: ModelStack): boolean {
  const { x, y } = placeOf(model.land.world.shape, cell);
  const row = model.rows.indexOf(undefined);
  if (row === -1 || !hasRoom(model)) return false;
  const still = { dx: 0, dy: 0, facing: 0, health: 0, readyTick: 0, player: undefined };
  const place = { x: x * 100 + 50, y: y * 100 + 50 };
  model.rows[row] = { id: nextId(model, row), ...place, ...still, slots: [{ ...stack }] };
  return true;
}

/** Takes an entity out of the world. */
export function remove(model: Model, id: number): void {
  const row = model.rows.findIndex((entity) => entity?.id === id);
  if (row !== -1 && id !== 0) model.rows[row] = undefined;
}

function nextId(model: Model, row: number): number {
  const last = model.generations[row] ?? 0;
  const first = Math.max(1, model.generations[0] ?? 0);
  const generation = last === 0 && row > 0 ? first : (last % 4095) + 1;
  model.generations[row] = generation;
  return generation * 2 ** 20 + row;
}

/** All stand still; each row that was used, and the first one anyhow, skips 256 generations. */
function restart(model: Model): void {
  for (const player of playersOf(model)) Object.assign(player, { dx: 0, dy: 0 });
  const { generations } = model;
  for (const [row, last] of generations.entries()) {
    if (last > 0 || row === 0) generations[row] = ((last + 255) % 4095) + 1;
  }
}

function join(model: Model, { playerId, name, restored }: BlocksJoin): void {
  const known = playersOf(model).find(({ player }) => player?.playerId === playerId);
  if (known?.player !== undefined) {
    Object.assign(known, { dx: 0, dy: 0 });
    Object.assign(known.player, { name, sequence: 0 });
    return;
  }
  const bags = model.land.world.bags.capacity;
  const row = model.rows.indexOf(undefined);
  if (row === -1 || playersOf(model).length >= bags) return;
  const id = nextId(model, row);
  if (restored === undefined) throw new Error("cannot join the model: newcomers are not in it");
  const slots = Array.from({ length: 36 }, (_, slot) => {
    const item = restored.slots[slot * 2] ?? 0;
    const count = Math.min(restored.slots[slot * 2 + 1] ?? 0, stackOf(item));
    return count > 0 ? { item, count } : undefined;
  });
  const { x, y, facing, health } = restored;
  const still = { dx: 0, dy: 0, readyTick: 0 };
  const player = { playerId, name, sequence: 0 };
  model.rows[row] = { id, x, y, facing, health, ...still, player, slots };
}

/** Most of an item in a slot. */
export function stackOf(item: number): number {
  const single: number[] = [Item.Bucket, Item.WaterBucket, Item.Pickaxe];
  return single.includes(item) ? 1 : 64;
}

function halt(model: Model, id: number): void {
  const entity = findEntity(model, id);
  if (entity?.player !== undefined) Object.assign(entity, { dx: 0, dy: 0 });
}

function command(
  model: Model,
  { entity: id, sequence, command }: Extract<BlocksInput["input"], { case: "command" }>["value"],
): void {
  const entity = findEntity(model, id);
  if (entity?.player === undefined || sequence <= entity.player.sequence) return;
  entity.player.sequence = sequence;
  if (command.case === "controls") steer(model, entity, { sequence, ...command.value });
  else if (command.case === "action") {
    const { action } = command.value;
    const reason = obey(model, entity, action);
    const told = !["attack", "emote", undefined].includes(action.case);
    if (told || reason !== RejectionReason.UNSPECIFIED) {
      model.outcomes.push({ entity: id, sequence, reason });
    }
  }
}

function steer(
  model: Model,
  entity: ModelEntity,
  { sequence, dx, dy }: { sequence: number; dx: number; dy: number },
): void {
  if (![-1, 0, 1].includes(dx) || ![-1, 0, 1].includes(dy)) {
    model.outcomes.push({ entity: entity.id, sequence, reason: RejectionReason.INVALID });
    return;
  }
  const facing = ["1 0", "1 1", "0 1", "-1 1", "-1 0", "-1 -1", "0 -1", "1 -1"];
  const known = facing.indexOf(`${dx} ${dy}`);
  Object.assign(entity, { dx, dy, facing: known === -1 ? entity.facing : known });
}

function obey(model: Model, entity: ModelEntity, action: BlocksAction["action"]): RejectionReason {
  if (action.case === undefined) return RejectionReason.INVALID;
  if (action.case === "respawn") {
    if (entity.health > 0) return RejectionReason.ALIVE;
    const { world, tick } = model.land;
    Object.assign(entity, spawnPlace(world, entity.id, tick), { health: 100 });
    return RejectionReason.UNSPECIFIED;
  }
  return entity.health === 0 ? RejectionReason.DEAD : tryAction(model, entity, action);
}
