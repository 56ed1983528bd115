import { advanceArena, arenaTravel } from "../movement.ts";
import type { ArenaWorld } from "../world.ts";

/** Moves everyone who is alive, holds controls and does not attack. */
export function movePlayers(world: ArenaWorld): void {
  const { xMax, yMax } = world.measures;
  const { rowCount, columns } = world.players;
  const { x, y, dx, dy, facingRight, attackEndTick, respawnTick } = columns;
  const travel = arenaTravel(world.tick - 1, world.tick, world.parameters.tickRate);
  for (let row = 0; row < rowCount; row++) {
    const directionX = dx[row] ?? 0;
    const directionY = dy[row] ?? 0;
    if (directionX === 0 && directionY === 0) continue;
    if (attackEndTick[row] !== 0 || respawnTick[row] !== 0) continue;
    x[row] = advanceArena(x[row] ?? 0, directionX * travel, xMax);
    y[row] = advanceArena(y[row] ?? 0, directionY * travel, yMax);
    if (directionX !== 0) facingRight[row] = directionX > 0 ? 1 : 0;
  }
}
