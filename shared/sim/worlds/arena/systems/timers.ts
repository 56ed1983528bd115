import { revive } from "../revive.ts";
import type { ArenaWorld } from "../world.ts";

/** Ends the attacks that ended with the last tick and brings back the dead whose time has come. */
export function runTimers(world: ArenaWorld): void {
  endTimers(world, () => undefined);
}

/**
 * The same, where `ending` is told of a row before something ends in it; the result is the first
 * tick in which the next timer ends, if none is started before.
 */
export function endTimers(world: ArenaWorld, ending: (row: number) => void): number {
  const { tick } = world;
  const { rowCount, columns } = world.players;
  const { attackEndTick, respawnTick } = columns;
  let next = Number.POSITIVE_INFINITY;
  for (let row = 0; row < rowCount; row++) {
    const end = attackEndTick[row] ?? 0;
    const respawn = respawnTick[row] ?? 0;
    if (end === 0 && respawn === 0) continue;
    const isOver = end !== 0 && end < tick;
    const isBack = respawn !== 0 && respawn <= tick;
    if (isOver || isBack) ending(row);
    if (isOver) attackEndTick[row] = 0;
    else if (end !== 0) next = Math.min(next, end + 1);
    if (isBack) revive(world, row, respawn);
    else if (respawn !== 0) next = Math.min(next, respawn);
  }
  return next;
}
