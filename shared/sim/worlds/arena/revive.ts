import { ARENA_HEALTH_MAX } from "./constants.ts";
import { spawnPlace } from "./spawn.ts";
import type { ArenaWorld } from "./world.ts";

/** Brings the dead player in a row back, unhurt, to where one appears in `tick`. */
export function revive(world: ArenaWorld, row: number, tick: number): void {
  const { ids, columns } = world.players;
  const place = spawnPlace(world, ids[row] ?? 0, tick);
  columns.x[row] = place.x;
  columns.y[row] = place.y;
  columns.health[row] = ARENA_HEALTH_MAX;
  columns.respawnTick[row] = 0;
}
