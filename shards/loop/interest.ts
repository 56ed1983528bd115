import type { CellGrid } from "../world/shard-world.ts";

/** A rectangle of cells: left and top included, right and bottom not. */
export interface CellRect {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** A window onto the world: its centre and size in units. */
export interface View {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Units beyond the viewport in which a cell is watched already, so that nobody pops up. */
const MARGIN = 48;
/** Units beyond that within which a watched cell stays watched, so that borders do not flicker. */
const HYSTERESIS = 64;

export function emptyRect(): CellRect {
  return { left: 0, top: 0, right: 0, bottom: 0 };
}

export function copyRect(from: CellRect, to: CellRect): void {
  to.left = from.left;
  to.top = from.top;
  to.right = from.right;
  to.bottom = from.bottom;
}

export function rectContains(rect: CellRect, column: number, row: number): boolean {
  return column >= rect.left && column < rect.right && row >= rect.top && row < rect.bottom;
}

const inner = emptyRect();
const outer = emptyRect();

/**
 * Moves `rect` to the cells that the view shows. An edge moves out as soon as the view needs it
 * and moves in only when the view is well clear of it.
 */
export function watch(rect: CellRect, grid: CellGrid, view: View): void {
  cellsWithin(grid, view, MARGIN, inner);
  if (rect.right <= rect.left) {
    copyRect(inner, rect);
    return;
  }
  cellsWithin(grid, view, MARGIN + HYSTERESIS, outer);
  rect.left = Math.min(inner.left, Math.max(rect.left, outer.left));
  rect.top = Math.min(inner.top, Math.max(rect.top, outer.top));
  rect.right = Math.max(inner.right, Math.min(rect.right, outer.right));
  rect.bottom = Math.max(inner.bottom, Math.min(rect.bottom, outer.bottom));
}

function cellsWithin(grid: CellGrid, view: View, margin: number, into: CellRect): void {
  const { cellSize, columns, rows } = grid;
  const reachX = view.width / 2 + margin;
  const reachY = view.height / 2 + margin;
  into.left = cellAt(view.x - reachX, cellSize, columns);
  into.top = cellAt(view.y - reachY, cellSize, rows);
  into.right = cellAt(view.x + reachX, cellSize, columns) + 1;
  into.bottom = cellAt(view.y + reachY, cellSize, rows) + 1;
}

function cellAt(units: number, cellSize: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor(units / cellSize)));
}
