// What has to lie somewhere and cannot be refused: what was in a chest that another region broke,
// what a creature leaves. Where the world is full it waits, as a part of the state, and is laid
// where it belongs as soon as there is room. Nothing that waits is ever dropped: beyond the bound
// equal items wait together, wherever they came from, and there is always a row for each kind.

import { addEntity, removeEntity } from "../../../kernel/entity-table.ts";
import { itemNames, stackMax } from "../items/items.ts";
import type { BlockPlace } from "../layout.ts";
import type { BlocksWorld } from "../world.ts";
import type { Stack } from "./bags.ts";
import { hasItemRoom, layItem } from "./entities.ts";

/** Stacks that are laid in one tick; the others follow in the next ones. */
export const LAID_MAX = 64;

/** Lays a stack on a block, now or as soon as there is room. */
export function spill(world: BlocksWorld, place: Pick<BlockPlace, "x" | "y">, stack: Stack): void {
  if (stack.count === 0) return;
  if (hasItemRoom(world)) layItem(world, place, stack);
  else wait(world, place, stack);
}

/** Lays what waits, as far as there is room for it. */
export function layWaiting(world: BlocksWorld): void {
  const { waiting } = world;
  let laid = 0;
  for (let row = 0; row < waiting.rowCount && waiting.population > 0; row++) {
    for (; waiting.ids[row] !== 0; laid++) {
      if (laid === LAID_MAX || !hasItemRoom(world)) return;
      layFrom(world, row);
    }
  }
}

function wait(world: BlocksWorld, place: Pick<BlockPlace, "x" | "y">, stack: Stack): void {
  const { waiting } = world;
  const { columns } = waiting;
  const isCrowded = waiting.population + itemNames.size >= waiting.capacity;
  const known = isCrowded ? rowWaitingOf(world, stack.item) : -1;
  if (known !== -1) {
    columns.count[known] = (columns.count[known] ?? 0) + stack.count;
    return;
  }
  const row = addEntity(waiting);
  if (row === -1) throw new Error(`cannot keep item ${stack.item}: more kinds wait than there are`);
  columns.x[row] = place.x;
  columns.y[row] = place.y;
  columns.item[row] = stack.item;
  columns.count[row] = stack.count;
}

function rowWaitingOf({ waiting }: BlocksWorld, item: number): number {
  for (let row = 0; row < waiting.rowCount; row++) {
    if (waiting.ids[row] !== 0 && waiting.columns.item[row] === item) return row;
  }
  return -1;
}

/** Lays one stack of what waits in a row. */
function layFrom(world: BlocksWorld, row: number): void {
  const { x, y, item, count } = world.waiting.columns;
  const kind = item[row] ?? 0;
  const all = count[row] ?? 0;
  const part = Math.min(all, Math.max(1, stackMax(kind)));
  layItem(world, { x: x[row] ?? 0, y: y[row] ?? 0 }, { item: kind, count: part });
  if (part === all) removeEntity(world.waiting, row);
  else count[row] = all - part;
}
