/** East, south-east, south, and so on: dx and dy of each facing. */
export const DIRECTIONS: readonly (readonly [dx: number, dy: number])[] = [
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
];

/** Facing of one who goes in a direction; who stands goes on facing where it did. */
export function facingOf(dx: number, dy: number, before: number): number {
  const facing = DIRECTIONS.findIndex(([right, down]) => right === dx && down === dy);
  return facing === -1 ? before : facing;
}
