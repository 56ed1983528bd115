import { placeEntity, rowOf } from "../../kernel/entity-table.ts";
import type { ArenaSelf } from "./messages.ts";
import { readArenaState } from "./pose.ts";
import type { ArenaWorld } from "./world.ts";

/** All that the prediction of the player in a row needs. */
export function readArenaSelf(world: ArenaWorld, row: number): ArenaSelf {
  const { columns } = world.players;
  return {
    x: columns.x[row] ?? 0,
    y: columns.y[row] ?? 0,
    controls: { dx: columns.dx[row] ?? 0, dy: columns.dy[row] ?? 0 },
    facingRight: columns.facingRight[row] === 1,
    state: readArenaState(world, row),
    health: columns.health[row] ?? 0,
    attackEndTick: columns.attackEndTick[row] ?? 0,
    attackReadyTick: columns.attackReadyTick[row] ?? 0,
    respawnTick: columns.respawnTick[row] ?? 0,
    kills: columns.kills[row] ?? 0,
    deaths: columns.deaths[row] ?? 0,
    score: columns.score[row] ?? 0,
    credits: columns.credits[row] ?? 0,
  };
}

/**
 * Puts an entity with exactly this state into a world that predicts it, in place of what stood in
 * its row, and returns the row. Set `world.tick` to the tick that the state is of. The entity has
 * no name and no player, and takes commands from sequence 1 on; `self.state` follows from the rest.
 */
export function restoreArenaSelf(world: ArenaWorld, entity: number, self: ArenaSelf): number {
  const known = rowOf(world.players, entity);
  const row = known === -1 ? placeEntity(world.players, entity) : known;
  const { columns } = world.players;
  columns.x[row] = self.x;
  columns.y[row] = self.y;
  columns.dx[row] = self.controls?.dx ?? 0;
  columns.dy[row] = self.controls?.dy ?? 0;
  columns.facingRight[row] = self.facingRight ? 1 : 0;
  columns.health[row] = self.health;
  columns.attackEndTick[row] = self.attackEndTick;
  columns.attackReadyTick[row] = self.attackReadyTick;
  columns.respawnTick[row] = self.respawnTick;
  columns.kills[row] = self.kills;
  columns.deaths[row] = self.deaths;
  columns.score[row] = self.score;
  columns.credits[row] = self.credits;
  columns.sequence[row] = 0;
  return row;
}
