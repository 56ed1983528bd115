// Items: every block up to the greatest placeable id is one, and these are more.

import { Block } from "../blocks/block-ids.ts";
import { blockNames, createBlockRegistry, isBlock } from "../blocks/block-registry.ts";
import { BLOCK_PLACEABLE_MAX } from "../constants.ts";
import names from "./item-names.json";

/** Ids of the items that are no blocks. */
export const Item = {
  HealingPotion: 2000,
  Seeds: 2001,
  Fertiliser: 2002,
  Bucket: 2003,
  WaterBucket: 2004,
  Pickaxe: 2005,
  Coin: 2006,
  Meat: 2007,
  Wool: 2008,
  Feather: 2009,
  Leather: 2010,
  Horsehair: 2011,
} as const;

/** Names of all items by id, blocks among them. */
export const itemNames: ReadonlyMap<number, string> = new Map([
  ...blockNames,
  ...createBlockRegistry(names),
]);

for (const [name, id] of Object.entries(Item)) {
  if (itemNames.get(id) === name) continue;
  throw new Error(`cannot load items: ${name} is not item ${id} of item-names.json; add it`);
}

const STACK_MAX = 64;
/** One of each in a slot. */
const SINGLE: ReadonlySet<number> = new Set([Item.Bucket, Item.WaterBucket, Item.Pickaxe]);

/** Most of an item in one slot; 0 for what is no item. */
export function stackMax(item: number): number {
  if (item === Block.Air || !itemNames.has(item)) return 0;
  return SINGLE.has(item) ? 1 : STACK_MAX;
}

/** Whether an item is a block that players may place. */
export function isPlaceable(item: number): boolean {
  return item !== Block.Air && item <= BLOCK_PLACEABLE_MAX && isBlock(item);
}

/** What someone who is new here has, a slot for each. */
export const STARTING_ITEMS: readonly (readonly [item: number, count: number])[] = [
  [Item.Pickaxe, 1],
  [Block.Planks, 32],
  [Block.Glass, 8],
  [Block.Door, 2],
  [Item.Bucket, 1],
  [Item.Seeds, 16],
  [Item.Fertiliser, 8],
  [Item.HealingPotion, 3],
  [Item.Coin, 10],
];
