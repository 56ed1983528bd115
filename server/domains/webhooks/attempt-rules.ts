import type { WebhookAnswer } from "./post-webhook.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Waits after each failed attempt: ten in all, over about two days. */
const WAITS_MS = [
  5_000,
  30_000,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  14 * HOUR_MS,
  24 * HOUR_MS,
];

/** Attempts at one event; after the last it has failed for good. */
export const ATTEMPTS_MAX = WAITS_MS.length + 1;

/** Of each wait, so that endpoints which failed together are not all tried together. */
const JITTER = 0.2;
const RETRY_AFTER_SECONDS_MAX = 60 * 60;

/** What an answer, or none, means for a delivery. */
export interface Judgement {
  readonly result: "delivered" | "failed" | "gone";
  readonly status?: number;
  readonly error?: string;
  readonly retryAfterSeconds?: number;
}

/** 2xx took it; 410 wants no more; anything else, redirects too, is to be tried again. */
export function judgeAnswer({ status, retryAfterSeconds }: WebhookAnswer): Judgement {
  if (status >= 200 && status < 300) return { result: "delivered", status };
  if (status === 410) return { result: "gone", status, error: "the endpoint is gone" };
  const error =
    status < 400 ? "the endpoint redirects, which is not followed" : `the answer was ${status}`;
  const waits = Math.min(RETRY_AFTER_SECONDS_MAX, retryAfterSeconds ?? 0);
  return { result: "failed", status, error, retryAfterSeconds: waits };
}

/** How long to wait after so many attempts; `random` is 0 to 1. Undefined after the last. */
export function backoffMs(attempts: number, random: number): number | undefined {
  const waitMs = WAITS_MS[attempts - 1];
  return waitMs === undefined ? undefined : Math.round(waitMs * (1 + JITTER * (2 * random - 1)));
}
