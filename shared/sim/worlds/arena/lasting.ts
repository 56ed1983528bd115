// What lasts: score, kills, deaths and credits outlive a stay in the world, and are shown only once
// they are in the shard's database. Whatever changes one of them in a step says so here.

import type { ArenaWorld } from "./world.ts";

/** Says that a lasting value of the player in a row changes in this step. */
export function noteLasting(world: ArenaWorld, row: number): void {
  world.effects.lasting.add(world.players.ids[row] ?? 0);
}

/** Adds to a player's credits or takes from them; the caller has checked the bounds. */
export function changeCredits(world: ArenaWorld, row: number, by: number): void {
  const { credits } = world.players.columns;
  credits[row] = (credits[row] ?? 0) + by;
  noteLasting(world, row);
}
