import { addEntity, writeTexts } from "../../../kernel/entity-table.ts";
import { clamp } from "../../../kernel/math.ts";
import { ARENA_CREDITS_MAX, ARENA_CREDITS_START, ARENA_HEALTH_MAX } from "../constants.ts";
import type { ArenaJoin, ArenaPlayer } from "../messages.ts";
import { spawnPlace } from "../spawn.ts";
import type { ArenaWorld } from "../world.ts";

/**
 * Lets a player in, or hands it its entity that is still there. Without room the join is refused;
 * the capacity is not part of the state, so whoever keeps a journal makes sure of room first.
 */
export function applyJoin(world: ArenaWorld, join: ArenaJoin): void {
  const known = world.rowByPlayer.get(join.playerId);
  const row = known ?? addEntity(world.players);
  if (row === -1) {
    world.effects.refused.push({ playerId: join.playerId });
    return;
  }
  const entity = world.players.ids[row] ?? 0;
  writeTexts(world.players, row, { playerId: join.playerId, name: join.name });
  if (known !== undefined) takeOver(world, row);
  else {
    world.rowByPlayer.set(join.playerId, row);
    if (join.restored === undefined) enterNew(world, row, entity);
    else enterRestored(world, row, join.restored);
  }
  const { playerId } = join;
  world.effects.joined.push({ playerId, entity, returning: known !== undefined });
}

/** The entity goes on as it is, but holds no controls and counts commands from the start. */
function takeOver(world: ArenaWorld, row: number): void {
  const { dx, dy, sequence } = world.players.columns;
  dx[row] = 0;
  dy[row] = 0;
  sequence[row] = 0;
}

function enterNew(world: ArenaWorld, row: number, entity: number): void {
  const { x, y, facingRight, health, credits } = world.players.columns;
  const place = spawnPlace(world, entity, world.tick);
  x[row] = place.x;
  y[row] = place.y;
  facingRight[row] = 1;
  health[row] = ARENA_HEALTH_MAX;
  credits[row] = ARENA_CREDITS_START;
}

/** What was kept may come from an arena with other measures: it is fitted into this one. */
function enterRestored(world: ArenaWorld, row: number, player: ArenaPlayer): void {
  const { columns } = world.players;
  columns.x[row] = clamp(player.x, 0, world.measures.xMax);
  columns.y[row] = clamp(player.y, 0, world.measures.yMax);
  columns.facingRight[row] = player.facingRight ? 1 : 0;
  columns.health[row] = clamp(player.health, 1, ARENA_HEALTH_MAX);
  columns.kills[row] = player.kills;
  columns.deaths[row] = player.deaths;
  columns.score[row] = player.score;
  columns.credits[row] = Math.min(player.credits ?? ARENA_CREDITS_START, ARENA_CREDITS_MAX);
}
