import type { Figures } from "../../run/benchmark.ts";

/** Bounds that the peer is held to as well: punctual ticks, nearly all of them, nobody cut off. */
const LATENESS_MS_MAX = 5;
const TICK_SHARE_MIN = 0.975;
/** Frames per second that each player must get: nothing is held by sending less. */
const FRAMES_MIN = 9.75;

/** Whether a shard holds its players. */
export function isShardHeld(figures: Figures, wanted: { players: number; tickRate: number }) {
  const figure = (name: string) => figures[name] ?? Number.NaN;
  return (
    figure("players") === wanted.players &&
    figure("cuts") === 0 &&
    figure("tickLatenessMsP99") <= LATENESS_MS_MAX &&
    figure("ticksPerSecond") >= wanted.tickRate * TICK_SHARE_MIN &&
    figure("framesPerClientPerSecond") >= FRAMES_MIN
  );
}
