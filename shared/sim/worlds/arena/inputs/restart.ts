import { skipGenerations } from "../../../kernel/entity-table.ts";
import type { ArenaWorld } from "../world.ts";

/** The shard was started again: who comes from now on gets an id that nobody was ever shown. */
export function applyRestart(world: ArenaWorld): void {
  skipGenerations(world.players);
}
