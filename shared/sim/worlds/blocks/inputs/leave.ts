import { rowOf } from "../../../kernel/entity-table.ts";
import { bagOf } from "../actions/reach.ts";
import { PLAYER_HEALTH_MAX } from "../constants.ts";
import { readSlots } from "../entities/bags.ts";
import { despawnEntity } from "../entities/entities.ts";
import { BlocksKind } from "../entities/kinds.ts";
import type { BlocksLeave, BlocksPlayer } from "../messages.ts";
import { spawnPlace } from "../spawn.ts";
import type { BlocksWorld } from "../world.ts";

/** Takes a player out of the world; one who is not there (any more) is ignored. */
export function applyLeave(world: BlocksWorld, { entity }: BlocksLeave): void {
  const row = rowOf(world.entities, entity);
  if (row === -1 || world.entities.columns.kind[row] !== BlocksKind.Player) return;
  const playerId = world.bags.columns.playerId[bagOf(world, row)] ?? "";
  world.effects.departed.push({ playerId, entity, player: readPlayer(world, row) });
  world.bagByPlayer.delete(playerId);
  despawnEntity(world, row);
}

/**
 * What is kept of the player in a row. One who leaves dead is kept as it would have come back: at
 * its spawn point, unhurt. Controls and cooldown are not kept.
 */
export function readPlayer(world: BlocksWorld, row: number): BlocksPlayer {
  const { ids, columns } = world.entities;
  const dead = columns.health[row] === 0;
  const place = dead
    ? spawnPlace(world, ids[row] ?? 0, world.tick)
    : { x: columns.x[row] ?? 0, y: columns.y[row] ?? 0 };
  return {
    ...place,
    facing: columns.facing[row] ?? 0,
    health: dead ? PLAYER_HEALTH_MAX : (columns.health[row] ?? 0),
    slots: readSlots(world, bagOf(world, row)),
  };
}
