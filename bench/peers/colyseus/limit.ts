// Finds how many players are held: doubling until they are not, then halving the gap.
import type { Measurement } from "./measure.ts";

/** The first attempt. */
const PLAYERS_FIRST = 500;
/** The gap at which the search ends. */
const PLAYERS_STEP = 250;
/** Attempts with one number of players: a hiccup of the machine is no limit of the peer. */
const ATTEMPTS = 2;

/** The measurement with the most players that were held, or undefined when none were. */
export async function findLimit(
  playersMax: number,
  measure: (players: number) => Promise<Measurement>,
  tell: (one: Measurement) => void,
): Promise<Measurement | undefined> {
  let best: Measurement | undefined;
  let held = 0;
  let failed = playersMax + PLAYERS_STEP;
  let next = Math.min(PLAYERS_FIRST, playersMax);
  while (failed - held > PLAYERS_STEP && next > held) {
    const one = await attempt(next, measure, tell);
    if (one.isHeld) {
      held = next;
      best = one;
    } else failed = next;
    const middle = Math.floor((held + failed) / 2 / PLAYERS_STEP) * PLAYERS_STEP;
    next = failed > playersMax ? Math.min(held * 2, playersMax) : middle;
  }
  return best;
}

async function attempt(
  players: number,
  measure: (players: number) => Promise<Measurement>,
  tell: (one: Measurement) => void,
): Promise<Measurement> {
  for (let count = 1; ; count++) {
    const one = await measure(players);
    tell(one);
    if (one.isHeld || count === ATTEMPTS) return one;
  }
}
