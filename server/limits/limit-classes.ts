/** How much of each kind of call an address and an account may make. */
import type { LimitPolicy } from "./rate-limiter.ts";

/** A procedure is of the class `api` unless its meta says otherwise. */
export type LimitClass = "api" | "auth" | "message" | "trade" | "page" | "webhook";

export interface ClassPolicies {
  /** Of one address, whoever calls from there: a household, a school, a carrier's customers. */
  readonly address: LimitPolicy;
  /** Of one account, wherever it calls from. */
  readonly account: LimitPolicy;
}

/** Each quota is at least a batch's length, or a full batch could never pass. */
export const limitClasses: Readonly<Record<LimitClass, ClassPolicies>> = {
  api: {
    address: { quota: 1_000, windowSeconds: 60 },
    account: { quota: 100, windowSeconds: 60 },
  },
  // Wrong passwords are slowed down besides, by username and address, from the fifth on.
  auth: {
    address: { quota: 200, windowSeconds: 200 },
    account: { quota: 10, windowSeconds: 900 },
  },
  message: {
    address: { quota: 200, windowSeconds: 60 },
    account: { quota: 20, windowSeconds: 60 },
  },
  trade: {
    address: { quota: 100, windowSeconds: 60 },
    account: { quota: 10, windowSeconds: 60 },
  },
  // What is no procedure and asks for no login: health, keys, pages with a dozen files, what is not
  // there. Nobody calls with an account.
  page: {
    address: { quota: 3_000, windowSeconds: 60 },
    account: { quota: 3_000, windowSeconds: 60 },
  },
  // Of systems that send webhooks to this one; theirs come again after a 429.
  webhook: {
    address: { quota: 120, windowSeconds: 60 },
    account: { quota: 120, windowSeconds: 60 },
  },
};

/** The same rate with all quotas times `factor`. */
export function scalePolicy({ quota, windowSeconds }: LimitPolicy, factor: number): LimitPolicy {
  return { quota: quota * factor, windowSeconds };
}
