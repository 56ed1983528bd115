// A bound on the time of anything that somebody else answers.
import type { Clock } from "#shared/time/clock.ts";

/** An answer that did not come in time; what was asked for may have been done all the same. */
export class TimeoutError extends Error {
  override readonly name = "TimeoutError";
}

/** What `promise` gives, or a TimeoutError when it gives nothing within `ms`. */
export async function within<T>(clock: Clock, ms: number, promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const cancel = clock.schedule(ms, () => reject(new TimeoutError(`no answer within ${ms} ms`)));
  try {
    return await Promise.race([promise, late]);
  } finally {
    cancel();
    // Nobody looks at it any more: when it fails later, that is not unhandled.
    promise.catch(() => undefined);
  }
}
