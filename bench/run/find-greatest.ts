/** Where to look for the greatest load that is held. */
export interface LoadRange {
  /** Tried first; if it is held, more is tried. */
  readonly start: number;
  readonly max: number;
  /** The search ends when it is known to within this share of what is held. */
  readonly precision: number;
  /** Most attempts in all. */
  readonly attemptsMax: number;
}

/** How much more is tried after something was held. */
const GROWTH = 1.5;

/**
 * The greatest load that is held, by trying: up until one is not, then halving the gap. An attempt
 * that fails is made once more, for a hiccup of the machine is no limit. 0 when none was held.
 */
export async function findGreatest(
  range: LoadRange,
  isHeld: (load: number) => Promise<boolean>,
): Promise<number> {
  const { start, max, precision, attemptsMax } = range;
  let held = 0;
  let broke = Number.POSITIVE_INFINITY;
  let next = Math.min(start, max);
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    if ((await isHeld(next)) || (await isHeld(next))) held = next;
    else broke = next;
    if (held >= max || broke - held <= Math.max(1, held * precision)) break;
    next = broke === Number.POSITIVE_INFINITY ? grow(held, max) : Math.floor((held + broke) / 2);
  }
  return held;
}

function grow(held: number, max: number): number {
  return Math.min(max, Math.ceil(held * GROWTH));
}
