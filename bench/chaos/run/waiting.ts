import type { Clock } from "#shared/time/clock.ts";

const LOOK_MS = 20;

/** Resolves after so long. */
export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.schedule(ms, resolve));
}

/** Looks again and again; gives up in silence, since what is counted afterwards tells. */
export async function waitUntil(
  clock: Clock,
  isDone: () => boolean | Promise<boolean>,
  withinMs = 20_000,
): Promise<void> {
  const endMs = clock.monotonicMs() + withinMs;
  while (!(await isDone()) && clock.monotonicMs() < endMs) await pause(clock, LOOK_MS);
}
