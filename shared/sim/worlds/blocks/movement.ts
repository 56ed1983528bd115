// Movement over blocks without fractions and without memory.
//
// As in every world here the distance is a function of time: one who always moves has covered
// S(t) = floor(speed * t / rate) hundredths by the end of tick t, and tick t's step is
// S(t) - S(t - 1). Diagonally the speed is 1/√2 of it on each axis.
//
// A body is 0.8 x 0.8 blocks. It goes first along x, then along y, each as far as the blocks allow.
// Only blocks that its leading edge enters are looked at: one that stands in a wall, because
// somebody built it there, can still walk out. A body that meets a corner with less than half of
// its side slides around it, so that doors are not hit or miss.

import { clamp } from "../../kernel/math.ts";
import { isWalkableIn } from "./chunks/chunk-map.ts";
import { BLOCKS_UNIT, HITBOX_HALF } from "./constants.ts";
import { areaIndex, chunkAt, isInside } from "./layout.ts";
import type { BlocksWorld } from "./world.ts";

/** 1/√2 in 1/100,000. */
const DIAGONAL = 70_711;

/** Hundredths that somebody covers on each axis in the tick `tick`. */
export function blocksTravel(speed: number, tick: number, tickRate: number): number {
  return Math.floor((speed * tick) / tickRate) - Math.floor((speed * (tick - 1)) / tickRate);
}

/** Hundredths a second on each axis of one who goes at a speed. */
export function axisSpeed(speed: number, isDiagonal: boolean): number {
  return isDiagonal ? Math.floor((speed * DIAGONAL) / 100_000) : speed;
}

/** Moves an entity by one tick in its direction; false when something was in its way. */
export function moveBody(world: BlocksWorld, row: number, speed: number): boolean {
  const { x, y, dx, dy } = world.entities.columns;
  const right = dx[row] ?? 0;
  const down = dy[row] ?? 0;
  if (right === 0 && down === 0) return true;
  const along = axisSpeed(speed, right !== 0 && down !== 0);
  const travel = blocksTravel(along, world.tick, world.parameters.tickRate);
  const fromX = x[row] ?? 0;
  const fromY = y[row] ?? 0;
  const toX = right === 0 ? fromX : slideX(world, fromX, fromY, right * travel);
  const toY = down === 0 ? fromY : slideY(world, toX, fromY, down * travel);
  x[row] = toX;
  y[row] = toY;
  const stuckX = right !== 0 && toX !== fromX + right * travel;
  const stuckY = down !== 0 && toY !== fromY + down * travel;
  if (stuckX && down === 0) y[row] = aroundCornerY(world, { x: toX, y: toY, ahead: right, travel });
  if (stuckY && right === 0) x[row] = aroundCornerX(world, { x: toX, y: toY, ahead: down, travel });
  return !stuckX && !stuckY;
}

/** Whether a body may enter a block. */
export function canEnter({ shape, chunks }: BlocksWorld, x: number, y: number): boolean {
  return isInside(shape, x, y) && isWalkableIn(chunks, chunkAt(shape, x, y), areaIndex(x, y));
}

function blockOf(position: number): number {
  return Math.floor(position / BLOCKS_UNIT);
}

/** First and last hundredth of a body's side around a position. */
function lowEdge(position: number): number {
  return position - HITBOX_HALF;
}
function highEdge(position: number): number {
  return position + HITBOX_HALF - 1;
}

function slideX(world: BlocksWorld, x: number, y: number, by: number): number {
  const to = clamp(x + by, HITBOX_HALF, world.shape.width * BLOCKS_UNIT - HITBOX_HALF);
  const from = blockOf(by > 0 ? highEdge(x) : lowEdge(x));
  const column = blockOf(by > 0 ? highEdge(to) : lowEdge(to));
  if (column === from) return to;
  for (let row = blockOf(lowEdge(y)); row <= blockOf(highEdge(y)); row++) {
    if (!canEnter(world, column, row)) return besideBlock(column, by);
  }
  return to;
}

function slideY(world: BlocksWorld, x: number, y: number, by: number): number {
  const to = clamp(y + by, HITBOX_HALF, world.shape.height * BLOCKS_UNIT - HITBOX_HALF);
  const from = blockOf(by > 0 ? highEdge(y) : lowEdge(y));
  const row = blockOf(by > 0 ? highEdge(to) : lowEdge(to));
  if (row === from) return to;
  for (let column = blockOf(lowEdge(x)); column <= blockOf(highEdge(x)); column++) {
    if (!canEnter(world, column, row)) return besideBlock(row, by);
  }
  return to;
}

/** Position of a body that came from one side and touches a block. */
function besideBlock(block: number, by: number): number {
  return by > 0 ? block * BLOCKS_UNIT - HITBOX_HALF : (block + 1) * BLOCKS_UNIT + HITBOX_HALF;
}

interface Corner {
  readonly x: number;
  readonly y: number;
  /** 1 or -1: where it wanted to go. */
  readonly ahead: number;
  readonly travel: number;
}

function aroundCornerY(world: BlocksWorld, { x, y, ahead, travel }: Corner): number {
  const column = blockOf(x) + ahead;
  const middle = blockOf(y);
  if (!canEnter(world, column, middle)) return y;
  const aligned = middle * BLOCKS_UNIT + BLOCKS_UNIT / 2;
  const by = clamp(aligned - y, -travel, travel);
  return by === 0 ? y : slideY(world, x, y, by);
}

function aroundCornerX(world: BlocksWorld, { x, y, ahead, travel }: Corner): number {
  const row = blockOf(y) + ahead;
  const middle = blockOf(x);
  if (!canEnter(world, middle, row)) return x;
  const aligned = middle * BLOCKS_UNIT + BLOCKS_UNIT / 2;
  const by = clamp(aligned - x, -travel, travel);
  return by === 0 ? x : slideX(world, x, y, by);
}
