import { bagOf } from "../actions/reach.ts";
import { countInBag, putIntoBag } from "../entities/bags.ts";
import type { BlocksWorld } from "../world.ts";
import type { CreatureBehaviour } from "./behaviour.ts";
import { nearestPlayer, placeOfRow } from "./find.ts";
import { flee } from "./flee.ts";
import { Mood, setMood, ticksOf } from "./mood.ts";
import { chanceOf, face, Salt, stop } from "./steer.ts";
import { traitsOf } from "./traits.ts";
import { wander } from "./wander.ts";
import { WARES } from "./wares.ts";

const WAITS_MS = 1000;
/** One of so many decisions brings new goods. */
const RESTOCKS_IN = 4;

/** Goes about slowly, waits for whoever comes within sight, and gets new goods now and then. */
export const trader: CreatureBehaviour = {
  decide(world, row) {
    restock(world, row);
    wander(world, row);
  },

  look(world, row) {
    const { columns } = world.entities;
    if (flee(world, row)) return;
    const customer = nearestPlayer(world, row, traitsOf(columns.kind[row] ?? 0).detects);
    if (customer === -1) return;
    stop(world, row);
    face(world, row, placeOfRow(world, customer));
    setMood(world, row, Mood.Idle, ticksOf(world, WAITS_MS));
  },
};

/** What a trader has to sell at first. */
export function stockUp(world: BlocksWorld, bag: number): void {
  for (const { item, stock } of WARES) putIntoBag(world, bag, { item, count: stock });
}

function restock(world: BlocksWorld, row: number): void {
  if (chanceOf(world, row, { salt: Salt.Stock, below: RESTOCKS_IN }) !== 0) return;
  const bag = bagOf(world, row);
  if (bag === -1) return;
  for (const { item, count, stock } of WARES) {
    const missing = stock - countInBag(world, bag, item);
    if (missing > 0) putIntoBag(world, bag, { item, count: Math.min(missing, count) });
  }
}
