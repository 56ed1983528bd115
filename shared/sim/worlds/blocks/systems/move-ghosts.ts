import { rowOf } from "../../../kernel/entity-table.ts";
import type { BlocksWorld } from "../world.ts";

/** Moves each ghost so that it is in time where it was told to be. */
export function moveGhosts(world: BlocksWorld): void {
  const { ids, columns, rowCount } = world.ghosts;
  const { x, y } = world.entities.columns;
  for (let ghost = 0; ghost < rowCount; ghost++) {
    if (ids[ghost] === 0) continue;
    const row = rowOf(world.entities, columns.entity[ghost] ?? 0);
    if (row === -1) continue;
    const left = Math.max(1, (columns.toTick[ghost] ?? 0) - world.tick + 1);
    x[row] = approach(x[row] ?? 0, columns.toX[ghost] ?? 0, left);
    y[row] = approach(y[row] ?? 0, columns.toY[ghost] ?? 0, left);
  }
}

/** An equal part of the way for each tick that is left. */
function approach(from: number, to: number, ticksLeft: number): number {
  return from + Math.trunc((to - from) / ticksLeft);
}
