import { addEntity, placeEntity, rowOf, writeTexts } from "../../kernel/entity-table.ts";
import { bagOf } from "./actions/reach.ts";
import { readSlots, writeSlots } from "./entities/bags.ts";
import { BlocksKind } from "./entities/kinds.ts";
import type { BlocksSelf } from "./messages.ts";
import type { BlocksWorld } from "./world.ts";

/** All that the prediction of the player in a row needs, with its inventory. */
export function readBlocksSelf(world: BlocksWorld, row: number): BlocksSelf {
  const { columns } = world.entities;
  return {
    x: columns.x[row] ?? 0,
    y: columns.y[row] ?? 0,
    controls: { dx: columns.dx[row] ?? 0, dy: columns.dy[row] ?? 0 },
    facing: columns.facing[row] ?? 0,
    health: columns.health[row] ?? 0,
    attackReadyTick: columns.attackReadyTick[row] ?? 0,
    inventory: { slots: readSlots(world, bagOf(world, row)) },
  };
}

/**
 * Puts an entity with exactly this state into a world that predicts it, in place of what stood in
 * its row, and returns the row. Set `world.tick` to the tick that the state is of. Without an
 * inventory the one that it had stays; commands are taken from sequence 1 on.
 */
export function restoreBlocksSelf(world: BlocksWorld, entity: number, self: BlocksSelf): number {
  const known = rowOf(world.entities, entity);
  const row = known === -1 ? placeSelf(world, entity) : known;
  const { columns } = world.entities;
  columns.x[row] = self.x;
  columns.y[row] = self.y;
  columns.dx[row] = self.controls?.dx ?? 0;
  columns.dy[row] = self.controls?.dy ?? 0;
  columns.facing[row] = self.facing;
  columns.health[row] = self.health;
  columns.attackReadyTick[row] = self.attackReadyTick;
  const bag = bagOf(world, row);
  world.bags.columns.sequence[bag] = 0;
  if (self.inventory !== undefined) writeSlots(world, bag, self.inventory.slots);
  return row;
}

/** Name of the own player in a world that predicts it. */
const OWN_PLAYER = "self";

function placeSelf(world: BlocksWorld, entity: number): number {
  const row = placeEntity(world.entities, entity);
  const bag = world.bags.population === 0 ? addEntity(world.bags) : 0;
  world.entities.columns.kind[row] = BlocksKind.Player;
  world.entities.columns.bag[row] = bag + 1;
  world.bags.columns.owner[bag] = entity;
  writeTexts(world.bags, bag, { playerId: OWN_PLAYER });
  return row;
}
