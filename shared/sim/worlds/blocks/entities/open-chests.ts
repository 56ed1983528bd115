// Who has which chest open: a player looks into one at a time, within reach, and alone is told what
// is in it. Part of the state, so that a shard that was started again goes on telling.

import { rowOf } from "../../../kernel/entity-table.ts";
import { Block } from "../blocks/block-ids.ts";
import { INTERACT_REACH } from "../constants.ts";
import { placeOf } from "../layout.ts";
import type { BlocksWorld } from "../world.ts";
import { blockIn } from "../write-block.ts";
import { middleOf } from "./entities.ts";
import { isWithin } from "./nearby.ts";

/** No chest. */
export const NO_CHEST = -1;

/** Cell of the chest that the owner of a bag has open, or `NO_CHEST`. */
export function chestOf({ bags }: BlocksWorld, bag: number): number {
  return (bags.columns.chest[bag] ?? 0) - 1;
}

/** A player looks into a chest, and into no other any more; `NO_CHEST`: into none. */
export function openChest(world: BlocksWorld, bag: number, cell: number): void {
  if (chestOf(world, bag) === cell) return;
  const { chest, owner } = world.bags.columns;
  chest[bag] = cell + 1;
  world.effects.opened.push({ entity: owner[bag] ?? 0, cell });
}

/** Closes the chests of which the player died or went away, and those that are no more. */
export function closeLeftChests(world: BlocksWorld): void {
  const { chest, owner } = world.bags.columns;
  for (let bag = 0; bag < world.bags.rowCount; bag++) {
    if (chest[bag] === 0) continue;
    const row = rowOf(world.entities, owner[bag] ?? 0);
    if (!isOpenTo(world, row, chestOf(world, bag))) openChest(world, bag, NO_CHEST);
  }
}

function isOpenTo(world: BlocksWorld, row: number, cell: number): boolean {
  if (world.entities.columns.health[row] === 0 || blockIn(world, cell) !== Block.Chest) {
    return false;
  }
  const place = middleOf(placeOf(world.shape, cell));
  return isWithin(world, row, { ...place, reach: INTERACT_REACH });
}
