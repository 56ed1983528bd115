// The generic cell rate algorithm (ITU-T I.371): a leaky bucket kept as one number.
//
// Calls that come evenly, a window's quota in a window's time, may each come at their turn. What is
// kept is the time of the next turn (the "theoretical arrival time"). Each call moves it on by
// window ÷ quota; a call is refused when that would put it more than one window ahead of now. A
// counter that starts anew with each window would let twice the quota through at its border.
import type { LimitPolicy, LimitVerdict } from "./rate-limiter.ts";

export interface Turn {
  readonly verdict: LimitVerdict;
  /** To be kept for the next call; from then on it is as if nobody had called. */
  readonly nextMs: number;
}

/** Decides on `count` calls at `nowMs`, given the time that was kept. */
export function takeTurn(
  policy: LimitPolicy,
  count: number,
  { keptMs, nowMs }: { readonly keptMs: number; readonly nowMs: number },
): Turn {
  const { verdict, aheadMs } = judgeCalls(policy, count, keptMs - nowMs);
  return { verdict, nextMs: nowMs + aheadMs };
}

/**
 * Decides on `count` calls when the next turn is `keptAheadMs` from now, which is below zero for
 * who was quiet; `aheadMs` is to be kept. redis-rate-limiter.ts does the same in Lua.
 */
export function judgeCalls(
  { quota, windowSeconds }: LimitPolicy,
  count: number,
  keptAheadMs: number,
): { readonly verdict: LimitVerdict; readonly aheadMs: number } {
  const windowMs = windowSeconds * 1000;
  const intervalMs = windowMs / quota;
  const fromMs = Math.max(keptAheadMs, 0);
  const wantedMs = fromMs + count * intervalMs;
  const allowed = wantedMs <= windowMs + ROUNDING_MS;
  const aheadMs = allowed ? wantedMs : fromMs;
  const verdict = {
    allowed,
    remaining: Math.max(0, Math.floor((windowMs - aheadMs + ROUNDING_MS) / intervalMs)),
    resetSeconds: Math.ceil(aheadMs / 1000),
    retryAfterSeconds: allowed ? 0 : Math.max(1, Math.ceil((wantedMs - windowMs) / 1000)),
  };
  return { verdict, aheadMs };
}

/** A quota that does not divide its window leaves a rest in the last bits. */
export const ROUNDING_MS = 1e-3;
