import { addEntity } from "../../../kernel/entity-table.ts";
import { hasItemRoom, middleOf, playersMax, spawnEntity } from "../entities/entities.ts";
import { BlocksKind, isAnimal } from "../entities/kinds.ts";
import type { BlocksWorld } from "../world.ts";
import { setHunger } from "./hunger.ts";
import { chanceOf, Salt } from "./steer.ts";
import { stockUp } from "./trader.ts";
import { traitsOf } from "./traits.ts";

/** Hunger that an animal begins with, at most. */
const FIRST_HUNGER_MAX = 500;

/** Of all entities so many are left to players and what lies about, as one part of so many. */
const LEFT_PART = 8;

/** Whether one more creature fits, with room left for others. */
export function hasCreatureRoom(world: BlocksWorld): boolean {
  const { capacity, population } = world.entities;
  return population < capacity - Math.floor(capacity / LEFT_PART) && hasItemRoom(world);
}

/** Row of a new creature in the middle of a block, which is its home; -1 when there is no room. */
export function spawnCreature(
  world: BlocksWorld,
  kind: number,
  block: { readonly x: number; readonly y: number },
): number {
  const row = spawnEntity(world, kind, middleOf(block));
  if (row === -1) return -1;
  const { columns } = world.entities;
  columns.health[row] = traitsOf(kind).health;
  columns.homeX[row] = block.x;
  columns.homeY[row] = block.y;
  columns.facing[row] = chanceOf(world, row, { salt: Salt.Direction, below: 8 });
  if (isAnimal(kind)) {
    setHunger(world, row, chanceOf(world, row, { salt: Salt.Duration, below: FIRST_HUNGER_MAX }));
  }
  if (kind === BlocksKind.Trader) giveBag(world, row);
  return row;
}

/** A trader without a bag has nothing to sell; most of the bags are left to players. */
function giveBag(world: BlocksWorld, row: number): void {
  const { bags, bagByPlayer } = world;
  const traders = bags.population - bagByPlayer.size;
  if (traders >= bags.capacity - playersMax(bags.capacity)) return;
  const bag = addEntity(world.bags);
  world.entities.columns.bag[row] = bag + 1;
  world.bags.columns.owner[bag] = world.entities.ids[row] ?? 0;
  stockUp(world, bag);
}
