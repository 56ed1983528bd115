// Inputs and small worlds for tests, in as few words as they need.

import type { RejectionReason } from "#proto/frame_pb.ts";
import { rowOf } from "../../../kernel/entity-table.ts";
import { bagOf } from "../actions/reach.ts";
import { readSlots } from "../entities/bags.ts";
import type { BlocksAction, BlocksInput, BlocksPlayer } from "../messages.ts";
import { stepBlocks } from "../step.ts";
import type { BlocksWorld } from "../world.ts";
import { createFlat } from "./flat-world.ts";

/** Somebody unhurt in the middle of block (20, 20), with nothing. */
export const SOMEBODY: BlocksPlayer = { x: 2050, y: 2050, facing: 0, health: 100, slots: [] };

/** A flat world at tick 1 with these players in it, each like `SOMEBODY` but for what is given. */
export function createFlatWith(players: readonly Partial<BlocksPlayer>[]): {
  readonly world: BlocksWorld;
  readonly entities: readonly number[];
} {
  const world = createFlat();
  stepBlocks(
    world,
    players.map((player, index) => joinInput(`player-${index}`, player)),
  );
  return { world, entities: world.effects.joined.map(({ entity }) => entity) };
}

/** A join; of somebody new when no player is given. */
export function joinInput(playerId: string, player?: Partial<BlocksPlayer>): BlocksInput {
  const newcomer = { playerId, name: playerId };
  const value =
    player === undefined ? newcomer : { ...newcomer, restored: { ...SOMEBODY, ...player } };
  return { input: { case: "join", value } };
}

export function leaveInput(entity: number): BlocksInput {
  return { input: { case: "leave", value: { entity } } };
}

export function controlsInput(
  entity: number,
  sequence: number,
  value: { readonly dx: number; readonly dy: number },
): BlocksInput {
  const command = { case: "controls" as const, value };
  return { input: { case: "command", value: { entity, sequence, command } } };
}

export function actionInput(
  entity: number,
  sequence: number,
  action: BlocksAction["action"],
): BlocksInput {
  const command = { case: "action" as const, value: { action } };
  return { input: { case: "command", value: { entity, sequence, command } } };
}

/** Steps once in which an entity does something, and says what came of it: null, or why not. */
export function act(
  world: BlocksWorld,
  entity: number,
  action: BlocksAction["action"],
): RejectionReason | null {
  const bag = bagOf(world, rowOf(world.entities, entity));
  const sequence = (world.bags.columns.sequence[bag] ?? 0) + 1;
  stepBlocks(world, [actionInput(entity, sequence, action)]);
  const { rejections, outcomes } = world.effects;
  return [...rejections, ...outcomes].find((told) => told.entity === entity)?.reason || null;
}

/** What an entity carries, as `BlocksPlayer.slots`. */
export function slotsOf(world: BlocksWorld, entity: number): number[] {
  return readSlots(world, bagOf(world, rowOf(world.entities, entity)));
}

/** Steps without inputs until `tick` is finished. */
export function stepUntil(world: BlocksWorld, tick: number): void {
  while (world.tick < tick) stepBlocks(world, []);
}

/** Items that lie about: what, how many, on which block. */
export function lyingItems(world: BlocksWorld): number[][] {
  const { ids, columns, rowCount } = world.entities;
  const items: number[][] = [];
  for (let row = 0; row < rowCount; row++) {
    if (ids[row] === 0 || columns.count[row] === 0) continue;
    const place = [columns.x[row] ?? 0, columns.y[row] ?? 0].map((at) => Math.floor(at / 100));
    items.push([columns.item[row] ?? 0, columns.count[row] ?? 0, ...place]);
  }
  return items;
}
