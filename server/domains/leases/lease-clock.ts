import type { Clock } from "#shared/time/clock.ts";

/**
 * The wall clock of the server's start and what has passed since: a wall clock that is set while
 * the server runs neither ends leases early nor makes them last.
 */
export function createLeaseClock(clock: Clock): () => number {
  const offsetMs = clock.wallMs() - clock.monotonicMs();
  return () => Math.trunc(offsetMs + clock.monotonicMs());
}
