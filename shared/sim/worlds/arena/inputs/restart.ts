import { skipGenerations } from "../../../kernel/entity-table.ts";
import type { ArenaWorld } from "../world.ts";

/**
 * The shard was started again: nobody is connected, so all stand still; and who comes from now on
 * gets an id that nobody was ever shown.
 */
export function applyRestart(world: ArenaWorld): void {
  const { dx, dy } = world.players.columns;
  dx.fill(0);
  dy.fill(0);
  skipGenerations(world.players);
}
