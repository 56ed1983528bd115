// Players of other regions, as they are shown here. Each has one home, where it acts; here it is an
// entity that walks to where it was seen last. Its region tells of all its players several times a
// second: who is not among them any more is gone.
import { addEntity, removeEntity, rowOf, writeTexts } from "../../../kernel/entity-table.ts";
import { clamp } from "../../../kernel/math.ts";
import { BLOCKS_UNIT, HITBOX_HALF, PLAYER_HEALTH_MAX } from "../constants.ts";
import { despawnEntity, spawnEntity } from "../entities/entities.ts";
import { BlocksKind } from "../entities/kinds.ts";
import type { BlocksGhost, BlocksGhosts } from "../messages.ts";
import type { BlocksWorld } from "../world.ts";

/** A ghost arrives after this part of a second, which is when it is told of again. */
const GHOST_WAY_PARTS = 5;
/** One that is farther from where it should be is put there: in hundredths of a block. */
const GHOST_LEAP = 8 * BLOCKS_UNIT;

/** Takes what a region tells of its players; ghosts for whom there is no room are not shown. */
export function applyGhosts(world: BlocksWorld, { region, ghosts }: BlocksGhosts): void {
  const { ids, columns, rowCount } = world.ghosts;
  const told = new Map(ghosts.map((ghost) => [ghost.entity, ghost]));
  for (let row = 0; row < rowCount; row++) {
    if (ids[row] === 0 || columns.region[row] !== region) continue;
    const ghost = told.get(columns.origin[row] ?? 0);
    if (ghost === undefined) remove(world, row);
    else update(world, row, ghost);
    told.delete(columns.origin[row] ?? 0);
  }
  for (const ghost of told.values()) appear(world, region, ghost);
}

/** Takes all ghosts out of the world. */
export function clearGhosts(world: BlocksWorld): void {
  for (let row = 0; row < world.ghosts.rowCount; row++) {
    if (world.ghosts.ids[row] !== 0) remove(world, row);
  }
}

function appear(world: BlocksWorld, region: string, ghost: BlocksGhost): void {
  const row = addEntity(world.ghosts);
  if (row === -1) return;
  const entity = spawnEntity(world, BlocksKind.Ghost, inside(world, ghost));
  if (entity === -1) {
    removeEntity(world.ghosts, row);
    return;
  }
  world.entities.columns.target[entity] = row;
  const { columns } = world.ghosts;
  columns.entity[row] = world.entities.ids[entity] ?? 0;
  columns.origin[row] = ghost.entity;
  writeTexts(world.ghosts, row, { region, name: ghost.name });
  update(world, row, ghost);
}

function update(world: BlocksWorld, row: number, ghost: BlocksGhost): void {
  const { columns } = world.ghosts;
  const entity = rowOf(world.entities, columns.entity[row] ?? 0);
  if (entity === -1) return;
  const { x, y, facing, health } = world.entities.columns;
  const to = inside(world, ghost);
  columns.toX[row] = to.x;
  columns.toY[row] = to.y;
  columns.toTick[row] = world.tick + Math.floor(world.parameters.tickRate / GHOST_WAY_PARTS);
  if (columns.name[row] !== ghost.name) writeTexts(world.ghosts, row, { name: ghost.name });
  facing[entity] = ghost.facing & 7;
  health[entity] = clamp(ghost.health, 0, PLAYER_HEALTH_MAX);
  const farX = Math.abs(to.x - (x[entity] ?? 0));
  const farY = Math.abs(to.y - (y[entity] ?? 0));
  if (farX <= GHOST_LEAP && farY <= GHOST_LEAP) return;
  x[entity] = to.x;
  y[entity] = to.y;
}

function remove(world: BlocksWorld, row: number): void {
  const entity = rowOf(world.entities, world.ghosts.columns.entity[row] ?? 0);
  if (entity !== -1) despawnEntity(world, entity);
  removeEntity(world.ghosts, row);
}

function inside({ shape }: BlocksWorld, { x, y }: { readonly x: number; readonly y: number }) {
  return {
    x: clamp(x, HITBOX_HALF, shape.width * BLOCKS_UNIT - HITBOX_HALF),
    y: clamp(y, HITBOX_HALF, shape.height * BLOCKS_UNIT - HITBOX_HALF),
  };
}
