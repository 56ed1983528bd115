// Adding and removing what is in the world.

import { addEntity, removeEntity } from "../../../kernel/entity-table.ts";
import { BLOCKS_UNIT, TRADER_BAGS_PART } from "../constants.ts";
import type { BlockPlace } from "../layout.ts";
import type { BlocksWorld } from "../world.ts";
import type { Stack } from "./bags.ts";
import { BlocksKind, isBody } from "./kinds.ts";
import { forgetNearby } from "./nearby.ts";

/** Middle of a block, in hundredths. */
export function middleOf({ x, y }: Pick<BlockPlace, "x" | "y">): { x: number; y: number } {
  return { x: x * BLOCKS_UNIT + BLOCKS_UNIT / 2, y: y * BLOCKS_UNIT + BLOCKS_UNIT / 2 };
}

/** Most players that a world with so many bags has room for, however many traders there are. */
export function playersMax(bags: number): number {
  return bags - Math.floor(bags / TRADER_BAGS_PART);
}

/** Whether one more thing may lie in the world: each player who may come still finds a row. */
export function hasItemRoom({ entities, bags, bagByPlayer }: BlocksWorld): boolean {
  const coming = Math.max(0, playersMax(bags.capacity) - bagByPlayer.size);
  return entities.population + coming < entities.capacity;
}

/** Row of a new entity at a place in hundredths, or -1 when there is no room. */
export function spawnEntity(
  world: BlocksWorld,
  kind: number,
  { x, y }: { readonly x: number; readonly y: number },
): number {
  const row = addEntity(world.entities);
  if (row === -1) return -1;
  const { ids, columns } = world.entities;
  columns.kind[row] = kind;
  columns.x[row] = x;
  columns.y[row] = y;
  if (isBody(kind)) forgetNearby(world);
  world.effects.appeared.push(ids[row] ?? 0);
  return row;
}

/** Lays items on a block, where there is room for them; row of what lies there, or -1. */
export function layItem(
  world: BlocksWorld,
  place: Pick<BlockPlace, "x" | "y">,
  { item, count }: Stack,
): number {
  const row = spawnEntity(world, BlocksKind.Item, middleOf(place));
  if (row === -1) return -1;
  world.entities.columns.item[row] = item;
  world.entities.columns.count[row] = count;
  return row;
}

/** Takes an entity out of the world, with its bag. */
export function despawnEntity(world: BlocksWorld, row: number): void {
  const { ids, columns } = world.entities;
  const bag = columns.bag[row] ?? 0;
  if (bag !== 0) removeEntity(world.bags, bag - 1);
  const place = { x: columns.x[row] ?? 0, y: columns.y[row] ?? 0 };
  world.effects.vanished.push({ entity: ids[row] ?? 0, kind: columns.kind[row] ?? 0, ...place });
  removeEntity(world.entities, row);
}
