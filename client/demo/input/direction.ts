/** Directions on the arena's ground: each axis is -1, 0 or 1. */
export interface Direction {
  readonly dx: number;
  readonly dy: number;
}

export const STANDING: Direction = { dx: 0, dy: 0 };

/** Tangent of 22.5°: beyond it the other axis joins in, so that all eight directions are equal. */
const DIAGONAL = 0.4142;

/** The nearest of the eight directions; none within `deadZone` of the middle. */
export function directionOf(x: number, y: number, deadZone: number): Direction {
  if (Math.hypot(x, y) <= deadZone) return STANDING;
  const dx = Math.abs(x) > Math.abs(y) * DIAGONAL ? Math.sign(x) : 0;
  const dy = Math.abs(y) > Math.abs(x) * DIAGONAL ? Math.sign(y) : 0;
  return { dx, dy };
}
