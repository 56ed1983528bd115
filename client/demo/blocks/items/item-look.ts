/** What items look like, in the bag and on the ground. */
import { Item, isPlaceable, itemNames } from "#shared/sim/index.ts";
import type { Rgb } from "../../scene/character-look.ts";
import { surfaceOf } from "../land/block-look.ts";

/** How an item is drawn. */
export type ItemForm = "block" | "bottle" | "coin" | "meat" | "tuft" | "pickaxe" | "bucket" | "bag";

export interface ItemLook {
  readonly name: string;
  readonly form: ItemForm;
  readonly colour: Rgb;
  /** What it is good for, in a few words. */
  readonly hint: string;
}

const TOOLS: ReadonlyMap<number, Omit<ItemLook, "name">> = new Map([
  [Item.HealingPotion, look("bottle", [0.92, 0.28, 0.4], "heals 40")],
  [Item.Seeds, look("bag", [0.66, 0.75, 0.3], "makes grass of dirt")],
  [Item.Fertiliser, look("bag", [0.5, 0.36, 0.22], "makes grass grow")],
  [Item.Bucket, look("bucket", [0.7, 0.74, 0.8], "takes water")],
  [Item.WaterBucket, look("bucket", [0.3, 0.6, 0.9], "pours water")],
  [Item.Pickaxe, look("pickaxe", [0.62, 0.66, 0.72], "breaks rock fast")],
  [Item.Coin, look("coin", [0.98, 0.79, 0.3], "traders take it")],
  [Item.Meat, look("meat", [0.85, 0.42, 0.36], "heals 15")],
  [Item.Wool, look("tuft", [0.96, 0.95, 0.9], "")],
  [Item.Feather, look("tuft", [0.88, 0.92, 0.98], "")],
  [Item.Leather, look("tuft", [0.62, 0.4, 0.24], "")],
  [Item.Horsehair, look("tuft", [0.36, 0.26, 0.2], "")],
]);

/** The look of an item; of one that is not known here, a parcel. */
export function itemLook(item: number): ItemLook {
  const name = wordsOf(itemNames.get(item) ?? `Item ${item}`);
  const known = TOOLS.get(item);
  if (known !== undefined) return { name, ...known };
  const placeable = isPlaceable(item);
  const { colour } = surfaceOf(item);
  return { name, form: placeable ? "block" : "bag", colour, hint: placeable ? "to build" : "" };
}

function look(form: ItemForm, colour: Rgb, hint: string): Omit<ItemLook, "name"> {
  return { form, colour, hint };
}

/** `HealingPotion` → `Healing potion`. */
function wordsOf(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/g, (_, end: string, start: string) => {
    return `${end} ${start.toLowerCase()}`;
  });
  return words;
}
