// All items that there are, wherever they are: what must stay the same but for the rules that make
// or use items.

import { Block } from "../blocks/block-ids.ts";
import { readSlots } from "../entities/bags.ts";
import { BlocksKind } from "../entities/kinds.ts";
import type { BlocksWorld } from "../world.ts";

/** How many of each item, by item. */
export type ItemCount = Map<number, number>;

/** Items in all bags, in chests, on the ground, and waiting to lie there. */
export function countItems(world: BlocksWorld): ItemCount {
  const count: ItemCount = new Map();
  for (let bag = 0; bag < world.bags.rowCount; bag++) addSlots(count, readSlots(world, bag));
  const { entities, waiting } = world;
  for (let row = 0; row < entities.rowCount; row++) {
    const { kind, item, count: many } = entities.columns;
    if (kind[row] === BlocksKind.Item) addItems(count, item[row] ?? 0, many[row] ?? 0);
  }
  for (let row = 0; row < waiting.rowCount; row++) {
    addItems(count, waiting.columns.item[row] ?? 0, waiting.columns.count[row] ?? 0);
  }
  for (const chunk of world.chunks.chunks) {
    for (const [cell, data] of chunk?.data ?? []) {
      if (chunk?.ids[cell] === Block.Chest) addChest(count, data);
    }
  }
  return count;
}

/** Adds, or takes away, so many of an item; what is nothing is not in it. */
export function addItems(count: ItemCount, item: number, by: number): void {
  const now = (count.get(item) ?? 0) + by;
  if (now === 0) count.delete(item);
  else count.set(item, now);
}

/** Adds slots as `BlocksPlayer.slots` has them. */
export function addSlots(count: ItemCount, slots: readonly number[], sign = 1): void {
  for (let at = 0; at < slots.length; at += 2) {
    addItems(count, slots[at] ?? 0, sign * (slots[at + 1] ?? 0));
  }
}

/** Items of one kind, as `countItems` counts them. */
export function countEverywhere(world: BlocksWorld, item: number): number {
  return countItems(world).get(item) ?? 0;
}

function addChest(count: ItemCount, data: Uint8Array): void {
  for (let at = 0; at + 2 < data.length; at += 3) {
    addItems(count, (data[at] ?? 0) | ((data[at + 1] ?? 0) << 8), data[at + 2] ?? 0);
  }
}
