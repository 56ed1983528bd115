// Where creatures turn.

import { randomUint32, scaleRandom } from "../../../kernel/random.ts";
import { DIRECTIONS, facingOf } from "../facing.ts";
import type { BlocksWorld } from "../world.ts";

/** Closer than this on an axis is there, in hundredths. */
const CLOSE = 20;

/** A number below `bound` that is a creature's own in this tick. */
export function chanceOf(world: BlocksWorld, row: number, options: Chance): number {
  const entity = world.entities.ids[row] ?? 0;
  const bits = randomUint32(world.parameters.seed, world.tick, entity, options.salt);
  return scaleRandom(bits, options.below);
}

interface Chance {
  readonly salt: number;
  readonly below: number;
}

/** What chance is about, each on its own. */
export const Salt = {
  Direction: 0x801,
  Duration: 0x802,
  Dodge: 0x803,
  Stock: 0x804,
  Young: 0x805,
} as const;

/** Stands still and goes on facing where it did. */
export function stop(world: BlocksWorld, row: number): void {
  const { dx, dy } = world.entities.columns;
  dx[row] = 0;
  dy[row] = 0;
}

/** Goes in a direction of the eight. */
export function turn(world: BlocksWorld, row: number, direction: number): void {
  const [right, down] = DIRECTIONS[direction & 7] ?? [0, 0];
  head(world, row, right, down);
}

/** Goes towards a place in hundredths, or away from it. */
export function turnTo(
  world: BlocksWorld,
  row: number,
  { x, y, away = false }: { readonly x: number; readonly y: number; readonly away?: boolean },
): void {
  const { columns } = world.entities;
  const right = signOf(x - (columns.x[row] ?? 0));
  const down = signOf(y - (columns.y[row] ?? 0));
  // One who is fled from and stands right on top: any way is away.
  if (away && right === 0 && down === 0) turn(world, row, row);
  else head(world, row, away ? -right : right, away ? -down : down);
}

/** Looks at a place without going there. */
export function face(
  world: BlocksWorld,
  row: number,
  { x, y }: { readonly x: number; readonly y: number },
): void {
  const { columns } = world.entities;
  const right = signOf(x - (columns.x[row] ?? 0));
  const down = signOf(y - (columns.y[row] ?? 0));
  columns.facing[row] = facingOf(right, down, columns.facing[row] ?? 0);
}

function head(world: BlocksWorld, row: number, right: number, down: number): void {
  const { dx, dy, facing } = world.entities.columns;
  dx[row] = right;
  dy[row] = down;
  facing[row] = facingOf(right, down, facing[row] ?? 0);
}

function signOf(distance: number): number {
  if (Math.abs(distance) < CLOSE) return 0;
  return distance > 0 ? 1 : -1;
}
