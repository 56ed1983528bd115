import { revive } from "../revive.ts";
import type { ArenaWorld } from "../world.ts";

/** Ends the attacks that ended with the last tick and brings back the dead whose time has come. */
export function runTimers(world: ArenaWorld): void {
  const { tick } = world;
  const { rowCount, columns } = world.players;
  const { attackEndTick, respawnTick } = columns;
  for (let row = 0; row < rowCount; row++) {
    const end = attackEndTick[row] ?? 0;
    if (end !== 0 && end < tick) attackEndTick[row] = 0;
    const respawn = respawnTick[row] ?? 0;
    if (respawn !== 0 && respawn <= tick) revive(world, row, respawn);
  }
}
