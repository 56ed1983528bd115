// The rules of the arena as both sides of this peer know them: the same as Tessera's, in the units
// that are cheapest for Colyseus.

/** Positions are whole fifths of a unit: steps are whole at 10, 20, 30 Hz; 16 bits suffice. */
export const FIFTHS = 5;
/** Speed along each axis. */
const UNITS_PER_SECOND = 96;
/** The widest world whose positions fit into 16 bits. */
export const SIDE_UNITS_MAX = Math.floor(0xffff / FIFTHS);
/** Width of what a client sees: as many entities as the nine cells of 400 that Tessera shows. */
export const WINDOW_UNITS = 1_200;

export const ROOM_NAME = "arena";
/** The type of the one message that a client sends: pose, then a sequence of 16 bits. */
export const MOVE_MESSAGE = 0;
export const MOVE_BYTES = 3;

/** The side of a world for this many players at the density of the benchmark. */
export function sideFor(players: number): number {
  return Math.round(140 * Math.sqrt(players));
}

/** Fifths that a player moves along an axis in a tick. */
export function stepFifths(rateHz: number): number {
  const step = (UNITS_PER_SECOND * FIFTHS) / rateHz;
  if (!Number.isInteger(step)) throw new Error(`cannot simulate at ${rateHz} Hz: steps break`);
  return step;
}

/** The edge holds whoever runs against it. */
export function clamp(at: number, edge: number): number {
  return Math.max(0, Math.min(at, edge));
}

// A pose in one byte: bits 0-1 are dx + 1, bits 2-3 are dy + 1, bit 4 is set when facing right.

export const STANDING = packPose(0, 0, true);

export function packPose(dx: number, dy: number, facesRight: boolean): number {
  return (dx + 1) | ((dy + 1) << 2) | (facesRight ? 16 : 0);
}

export function dxOf(pose: number): number {
  return (pose & 3) - 1;
}

export function dyOf(pose: number): number {
  return ((pose >> 2) & 3) - 1;
}

/** The pose that follows from a wish: who does not turn keeps facing where they faced. */
export function turn(pose: number, wish: number): number | undefined {
  if ((wish & 3) === 3 || ((wish >> 2) & 3) === 3) return undefined;
  const dx = dxOf(wish);
  return packPose(dx, dyOf(wish), dx === 0 ? (pose & 16) !== 0 : dx > 0);
}
