import { addEntity, removeEntity, rowOf, writeTexts } from "../../../kernel/entity-table.ts";
import { clamp } from "../../../kernel/math.ts";
import { BLOCKS_UNIT, HITBOX_HALF, PLAYER_HEALTH_MAX } from "../constants.ts";
import { writeSlot, writeSlots } from "../entities/bags.ts";
import { spawnEntity } from "../entities/entities.ts";
import { BlocksKind } from "../entities/kinds.ts";
import { NO_CHEST, openChest } from "../entities/open-chests.ts";
import { STARTING_ITEMS } from "../items/items.ts";
import type { BlocksJoin, BlocksPlayer } from "../messages.ts";
import { spawnPlace } from "../spawn.ts";
import type { BlocksWorld } from "../world.ts";

/**
 * Lets a player in, or hands it its entity that is still there. Without room the join is refused;
 * whoever keeps a journal makes sure of room first.
 */
export function applyJoin(world: BlocksWorld, join: BlocksJoin): void {
  const { playerId, name } = join;
  const known = world.bagByPlayer.get(playerId);
  if (known !== undefined) {
    writeTexts(world.bags, known, { name });
    takeOver(world, known);
    const entity = world.bags.columns.owner[known] ?? 0;
    world.effects.joined.push({ playerId, entity, returning: true });
    return;
  }
  const row = enter(world, join);
  if (row === -1) {
    world.effects.refused.push({ playerId });
    return;
  }
  const entity = world.entities.ids[row] ?? 0;
  world.effects.joined.push({ playerId, entity, returning: false });
}

/** The entity goes on as it is, but holds no controls, looks into no chest, and counts anew. */
function takeOver(world: BlocksWorld, bag: number): void {
  const { entities, bags } = world;
  const row = rowOf(entities, bags.columns.owner[bag] ?? 0);
  entities.columns.dx[row] = 0;
  entities.columns.dy[row] = 0;
  bags.columns.sequence[bag] = 0;
  openChest(world, bag, NO_CHEST);
}

function enter(world: BlocksWorld, { playerId, name, restored }: BlocksJoin): number {
  const bag = addEntity(world.bags);
  if (bag === -1) return -1;
  const row = spawnEntity(world, BlocksKind.Player, { x: 0, y: 0 });
  if (row === -1) {
    removeEntity(world.bags, bag);
    return -1;
  }
  const entity = world.entities.ids[row] ?? 0;
  world.entities.columns.bag[row] = bag + 1;
  world.bags.columns.owner[bag] = entity;
  writeTexts(world.bags, bag, { playerId, name });
  world.bagByPlayer.set(playerId, bag);
  if (restored === undefined) enterNew(world, row, bag);
  else enterRestored(world, { row, bag }, restored);
  world.effects.lasting.add(entity);
  return row;
}

function enterNew(world: BlocksWorld, row: number, bag: number): void {
  const { ids, columns } = world.entities;
  const place = spawnPlace(world, ids[row] ?? 0, world.tick);
  columns.x[row] = place.x;
  columns.y[row] = place.y;
  columns.health[row] = PLAYER_HEALTH_MAX;
  for (const [slot, [item, count]] of STARTING_ITEMS.entries()) {
    writeSlot(world, bag, slot, { item, count });
  }
}

/** What was kept may come from a world with other measures: it is fitted into this one. */
function enterRestored(
  world: BlocksWorld,
  { row, bag }: { readonly row: number; readonly bag: number },
  player: BlocksPlayer,
): void {
  const { columns } = world.entities;
  const { width, height } = world.shape;
  columns.x[row] = clamp(player.x, HITBOX_HALF, width * BLOCKS_UNIT - HITBOX_HALF);
  columns.y[row] = clamp(player.y, HITBOX_HALF, height * BLOCKS_UNIT - HITBOX_HALF);
  columns.facing[row] = player.facing & 7;
  columns.health[row] = clamp(player.health, 1, PLAYER_HEALTH_MAX);
  writeSlots(world, bag, player.slots);
}
