import { Block } from "../blocks/block-ids.ts";
import { Item } from "../items/items.ts";

/** What traders sell: choice 1 is the first. */
export interface Ware {
  readonly item: number;
  /** Items for one price. */
  readonly count: number;
  /** Coins. */
  readonly price: number;
  /** Items that a trader begins with. */
  readonly stock: number;
}

/** In the order of the choices of an interaction. */
export const WARES: readonly Ware[] = [
  { item: Item.HealingPotion, count: 1, price: 3, stock: 20 },
  { item: Item.Seeds, count: 8, price: 1, stock: 64 },
  { item: Item.Fertiliser, count: 4, price: 2, stock: 64 },
  { item: Item.Pickaxe, count: 1, price: 8, stock: 1 },
  { item: Block.Brick, count: 16, price: 4, stock: 64 },
  { item: Block.Chest, count: 1, price: 5, stock: 10 },
  { item: Block.Portal, count: 1, price: 20, stock: 2 },
];
