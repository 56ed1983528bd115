/** What any counter of calls promises, wherever it keeps its counts. */

/** So many calls in so long a time; who was quiet may make all of them at once. */
export interface LimitPolicy {
  readonly quota: number;
  readonly windowSeconds: number;
}

/** Calls that somebody wants to make. */
export interface LimitedCalls {
  /** Whose calls of which kind are counted together. */
  readonly key: string;
  readonly policy: LimitPolicy;
  /** How many at once; at most the quota, or they never pass. */
  readonly count: number;
}

/** What came of it; calls that were refused are not counted. */
export interface LimitVerdict {
  readonly allowed: boolean;
  /** Calls that would pass now. */
  readonly remaining: number;
  /** Until all of the quota is there again. */
  readonly resetSeconds: number;
  /** Until these calls would pass; 0 when they did. */
  readonly retryAfterSeconds: number;
}

/** Counts calls; all processes that share one see the same counts. */
export interface RateLimiter {
  take(calls: LimitedCalls): Promise<LimitVerdict> | LimitVerdict;
  /** Why they do not at this moment, for people; undefined while they do. */
  readonly trouble: string | undefined;
}
