import { rowOf } from "../../../kernel/entity-table.ts";
import { BlocksKind } from "../entities/kinds.ts";
import type { BlocksHalt } from "../messages.ts";
import type { BlocksWorld } from "../world.ts";

/** Lets a player's controls go; one who is not there (any more) is ignored. */
export function applyHalt(world: BlocksWorld, { entity }: BlocksHalt): void {
  const row = rowOf(world.entities, entity);
  const { kind, dx, dy } = world.entities.columns;
  if (row === -1 || kind[row] !== BlocksKind.Player) return;
  dx[row] = 0;
  dy[row] = 0;
}
