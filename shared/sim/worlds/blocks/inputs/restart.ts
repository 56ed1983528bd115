import { skipGenerations } from "../../../kernel/entity-table.ts";
import type { BlocksWorld } from "../world.ts";

/** The shard was started again: what comes from now on gets an id that nobody was ever shown. */
export function applyRestart(world: BlocksWorld): void {
  skipGenerations(world.entities);
}
