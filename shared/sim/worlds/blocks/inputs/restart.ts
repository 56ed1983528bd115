import { skipGenerations } from "../../../kernel/entity-table.ts";
import { BlocksKind } from "../entities/kinds.ts";
import type { BlocksWorld } from "../world.ts";

/**
 * The shard was started again: nobody is connected, so all players stand still; and what comes from
 * now on gets an id that nobody was ever shown.
 */
export function applyRestart(world: BlocksWorld): void {
  const { rowCount, columns } = world.entities;
  const { kind, dx, dy } = columns;
  for (let row = 0; row < rowCount; row++) {
    if (kind[row] !== BlocksKind.Player) continue;
    dx[row] = 0;
    dy[row] = 0;
  }
  skipGenerations(world.entities);
}
