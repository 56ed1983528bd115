import { BlocksKind } from "../entities/kinds.ts";
import { animal } from "./animal.ts";
import type { CreatureBehaviour } from "./behaviour.ts";
import { guard } from "./guard.ts";
import { monster } from "./monster.ts";
import { trader } from "./trader.ts";
import { villager } from "./villager.ts";

/** How each kind of creature lives; `traits.ts` has its numbers. */
export const BEHAVIOURS: ReadonlyMap<number, CreatureBehaviour> = new Map([
  [BlocksKind.Villager, villager],
  [BlocksKind.Trader, trader],
  [BlocksKind.Guard, guard],
  [BlocksKind.Monster, monster],
  [BlocksKind.Cow, animal],
  [BlocksKind.Sheep, animal],
  [BlocksKind.Chicken, animal],
  [BlocksKind.Pig, animal],
  [BlocksKind.Horse, animal],
]);
