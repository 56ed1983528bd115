import type { Random } from "#shared/sim/index.ts";

/** How the crowd stands: everybody in an area of their own, or all within one window. */
export type Crowd = "spread" | "dense";

/** Where a client stays; units, half the side lengths. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
}

/** The eight directions, clockwise, and standing still as the last. */
export const DIRECTIONS = [
  { dx: 1, dy: 0 },
  { dx: 1, dy: 1 },
  { dx: 0, dy: 1 },
  { dx: -1, dy: 1 },
  { dx: -1, dy: 0 },
  { dx: -1, dy: -1 },
  { dx: 0, dy: -1 },
  { dx: 1, dy: -1 },
  { dx: 0, dy: 0 },
] as const;

export const STANDING = 8;
const WAYS = 8;
/** One in so many changes is a stop. */
const STOPS = 12;
/** Units; one who stays keeps so near to where it began. */
const HOME_HALF = 150;
/** Of a window of 800 × 600 units, less what a step may take one beyond. */
const DENSE = { halfWidth: 300, halfHeight: 200 } as const;

/**
 * The next direction, as an index of DIRECTIONS; never the current one, so that each change is one.
 * Outside its area a client turns back towards it.
 */
export function chooseDirection(
  current: number,
  way: { readonly place: { readonly x: number; readonly y: number }; readonly area: Area },
  random: Random,
): number {
  const { place, area } = way;
  const back = directionBack(place, area);
  if (back === undefined) {
    if (current !== STANDING && random.below(STOPS) === 0) return STANDING;
    // From standing each of the eight; else one of the seven others.
    if (current === STANDING) return random.below(WAYS);
    return (current + 1 + random.below(WAYS - 1)) % WAYS;
  }
  if (back !== current) return back;
  return (back + (random.below(2) === 0 ? 1 : WAYS - 1)) % WAYS;
}

/** The area around a place where a client began. */
export function homeArea(place: { readonly x: number; readonly y: number }): Area {
  return { x: place.x, y: place.y, halfWidth: HOME_HALF, halfHeight: HOME_HALF };
}

/** The window in the middle of the world, for a dense crowd. */
export function denseArea(world: { readonly width: number; readonly height: number }): Area {
  return { x: world.width / 2, y: world.height / 2, ...DENSE };
}

/** An area anywhere in the world, for one who roams. */
export function randomArea(
  world: { readonly width: number; readonly height: number },
  random: Random,
): Area {
  return homeArea({ x: random.below(world.width), y: random.below(world.height) });
}

function directionBack(place: { x: number; y: number }, area: Area): number | undefined {
  const wayX = area.x - place.x;
  const wayY = area.y - place.y;
  const dx = Math.abs(wayX) > area.halfWidth ? Math.sign(wayX) : 0;
  const dy = Math.abs(wayY) > area.halfHeight ? Math.sign(wayY) : 0;
  if (dx === 0 && dy === 0) return undefined;
  const index = DIRECTIONS.findIndex((one) => one.dx === dx && one.dy === dy);
  return index < 0 ? undefined : index;
}
