import { BlocksKind } from "../entities/kinds.ts";
import type { CreatureBehaviour } from "./behaviour.ts";
import { chicken } from "./chicken.ts";
import { cow } from "./cow.ts";
import { guard } from "./guard.ts";
import { horse } from "./horse.ts";
import { monster } from "./monster.ts";
import { pig } from "./pig.ts";
import { sheep } from "./sheep.ts";
import { trader } from "./trader.ts";
import { villager } from "./villager.ts";

/** How each kind of creature lives; `traits.ts` has its numbers. */
export const BEHAVIOURS: ReadonlyMap<number, CreatureBehaviour> = new Map([
  [BlocksKind.Villager, villager],
  [BlocksKind.Trader, trader],
  [BlocksKind.Guard, guard],
  [BlocksKind.Monster, monster],
  [BlocksKind.Cow, cow],
  [BlocksKind.Sheep, sheep],
  [BlocksKind.Chicken, chicken],
  [BlocksKind.Pig, pig],
  [BlocksKind.Horse, horse],
]);
