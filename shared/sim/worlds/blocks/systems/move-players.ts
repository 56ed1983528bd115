import { rowOf } from "../../../kernel/entity-table.ts";
import { PLAYER_SPEED } from "../constants.ts";
import { BlocksKind } from "../entities/kinds.ts";
import { moveBody } from "../movement.ts";
import type { BlocksWorld } from "../world.ts";

/** Moves every living player who holds controls. */
export function movePlayers(world: BlocksWorld): void {
  const { columns } = world.entities;
  const { owner } = world.bags.columns;
  for (let bag = 0; bag < world.bags.rowCount; bag++) {
    const row = rowOf(world.entities, owner[bag] ?? 0);
    if (row === -1 || columns.kind[row] !== BlocksKind.Player) continue;
    if (columns.health[row] !== 0) moveBody(world, row, PLAYER_SPEED);
  }
}
