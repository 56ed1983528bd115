import { BlocksKind } from "../entities/kinds.ts";
import { distanceSquared, rowsAround } from "../entities/nearby.ts";
import type { BlocksWorld } from "../world.ts";

/** Row of the nearest living entity of a kind within reach of another, or -1. */
export function nearestOf(
  world: BlocksWorld,
  row: number,
  { kind, reach }: { readonly kind: number; readonly reach: number },
): number {
  const { ids, columns } = world.entities;
  const place = { x: columns.x[row] ?? 0, y: columns.y[row] ?? 0 };
  const { rows, count } = rowsAround(world, place, reach);
  let nearest = -1;
  let least = reach * reach;
  for (let index = 0; index < count; index++) {
    const other = rows[index] ?? 0;
    if (columns.kind[other] !== kind || columns.health[other] === 0) continue;
    if (ids[other] === 0 || other === row) continue;
    const distance = distanceSquared(world, other, place);
    if (distance > least) continue;
    least = distance;
    nearest = other;
  }
  return nearest;
}

/** Rows of all others of a kind within reach of an entity. */
export function othersNear(
  world: BlocksWorld,
  row: number,
  { kind, reach }: { readonly kind: number; readonly reach: number },
): number[] {
  const { ids, columns } = world.entities;
  const place = placeOfRow(world, row);
  const { rows, count } = rowsAround(world, place, reach);
  const others: number[] = [];
  for (let index = 0; index < count; index++) {
    const other = rows[index] ?? 0;
    if (ids[other] === 0 || other === row || columns.kind[other] !== kind) continue;
    if (distanceSquared(world, other, place) <= reach * reach) others.push(other);
  }
  return others;
}

/** Row of the nearest living player within reach, or -1. */
export function nearestPlayer(world: BlocksWorld, row: number, reach: number): number {
  return nearestOf(world, row, { kind: BlocksKind.Player, reach });
}

/** Place of an entity in hundredths. */
export function placeOfRow(world: BlocksWorld, row: number): { x: number; y: number } {
  const { x, y } = world.entities.columns;
  return { x: x[row] ?? 0, y: y[row] ?? 0 };
}
