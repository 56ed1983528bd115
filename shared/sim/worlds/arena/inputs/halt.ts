import { rowOf } from "../../../kernel/entity-table.ts";
import type { ArenaHalt } from "../messages.ts";
import type { ArenaWorld } from "../world.ts";

/** Lets a player's controls go; one who is not there (any more) is ignored. */
export function applyHalt(world: ArenaWorld, { entity }: ArenaHalt): void {
  const row = rowOf(world.players, entity);
  if (row === -1) return;
  const { dx, dy } = world.players.columns;
  dx[row] = 0;
  dy[row] = 0;
}
