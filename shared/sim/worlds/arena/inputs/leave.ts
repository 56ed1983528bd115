import { removeEntity, rowOf } from "../../../kernel/entity-table.ts";
import { ARENA_HEALTH_MAX } from "../constants.ts";
import type { ArenaLeave, ArenaPlayer } from "../messages.ts";
import { spawnPlace } from "../spawn.ts";
import type { ArenaWorld } from "../world.ts";

/** Takes a player out of the world; one who is not there (any more) is ignored. */
export function applyLeave(world: ArenaWorld, leave: ArenaLeave): void {
  const { entity } = leave;
  const row = rowOf(world.players, entity);
  if (row === -1) return;
  const playerId = world.players.columns.playerId[row] ?? "";
  world.effects.departed.push({ playerId, entity, player: keptOf(world, row) });
  world.rowByPlayer.delete(playerId);
  removeEntity(world.players, row);
}

/**
 * What is kept of the player in a row who leaves. One who leaves dead is kept as it would have
 * returned: at its place of return, in full health. Controls, attack and cooldown are not kept.
 */
function keptOf(world: ArenaWorld, row: number): ArenaPlayer {
  const { ids, columns } = world.players;
  const respawnTick = columns.respawnTick[row] ?? 0;
  const dead = respawnTick !== 0;
  const place = dead
    ? spawnPlace(world, ids[row] ?? 0, respawnTick)
    : { x: columns.x[row] ?? 0, y: columns.y[row] ?? 0 };
  return {
    ...place,
    facingRight: columns.facingRight[row] === 1,
    health: dead ? ARENA_HEALTH_MAX : (columns.health[row] ?? 0),
    kills: columns.kills[row] ?? 0,
    deaths: columns.deaths[row] ?? 0,
    score: columns.score[row] ?? 0,
    credits: columns.credits[row] ?? 0,
  };
}
