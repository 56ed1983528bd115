/** How much one player may say in game: a few lines at once, then one every few seconds. */

/** Lines at once, of one who was silent. */
export const LINES_AT_ONCE_MAX = 5;
/** Then one more for each such time: as many a minute as over the API. */
export const LINE_EVERY_MS = 3_000;

/** One speaker's allowance. */
export class TalkAllowance {
  /** When all of it will be there again; in the past while it is. */
  #fullMs = Number.NEGATIVE_INFINITY;

  /** Takes a line; else the milliseconds until there is one. 0 when it was taken. */
  take(nowMs: number): number {
    const fullMs = Math.max(this.#fullMs, nowMs) + LINE_EVERY_MS;
    const waitMs = fullMs - nowMs - LINES_AT_ONCE_MAX * LINE_EVERY_MS;
    if (waitMs > 0) return waitMs;
    this.#fullMs = fullMs;
    return 0;
  }
}

/** Words and figures for one who says too much. */
export function tooFast(waitMs: number): { message: string; retryAfterMs: number } {
  const retryAfterMs = Math.ceil(waitMs);
  const seconds = Math.ceil(retryAfterMs / 1_000);
  const message =
    `cannot send the message: that is more than ${LINES_AT_ONCE_MAX} at once; ` +
    `try again in ${seconds} s`;
  return { message, retryAfterMs };
}
