import type { Clock } from "#shared/time/clock.ts";

const LOOK_MS = 20;

/** Resolves after so long. */
export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.schedule(ms, resolve));
}

/**
 * Looks again and again, for so long at least; gives up in silence, since what is counted
 * afterwards tells. When the machine stands still meanwhile, that time does not count.
 */
export async function waitUntil(
  clock: Clock,
  isDone: () => boolean | Promise<boolean>,
  withinMs = 20_000,
): Promise<void> {
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += LOOK_MS) {
    if (await isDone()) return;
    await pause(clock, LOOK_MS);
  }
}
