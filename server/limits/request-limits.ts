/** Decides whether a request's calls are made at all, and says so in the standard's headers. */
import { isLoopback } from "#shared/infra/limited-address.ts";
import type { Counter } from "#shared/infra/metrics.ts";
import { AppError } from "#shared/model/errors.ts";
import { type ClassPolicies, type LimitClass, limitClasses, scalePolicy } from "./limit-classes.ts";
import type { LimitPolicy, LimitVerdict, RateLimiter } from "./rate-limiter.ts";

export interface RequestLimitsOptions {
  readonly limiter: RateLimiter;
  /** All quotas times this. */
  readonly factor: number;
  readonly refused: Counter;
}

/** What counts together: a class of calls by one address or account. */
interface LimitRule {
  readonly name: string;
  readonly policy: LimitPolicy;
  /** As an answer tells it. */
  readonly text: string;
}

type LimitRules = Readonly<Record<LimitClass, Readonly<Record<keyof ClassPolicies, LimitRule>>>>;

interface Told {
  readonly rule: LimitRule;
  readonly verdict: LimitVerdict;
}

/** The limits of all requests. */
export class RequestLimits {
  readonly #options: RequestLimitsOptions;
  readonly #rules: LimitRules;

  constructor(options: RequestLimitsOptions) {
    this.#options = options;
    this.#rules = makeRules(options.factor);
  }

  /** Why the limits are not those of the deployment; undefined while they are. */
  get trouble(): string | undefined {
    return this.#options.limiter.trouble;
  }

  /** One request with the classes of its calls: each call of a batch counts. */
  begin(classes: readonly LimitClass[]): RequestQuota {
    return new RequestQuota(this.#options, this.#rules, countClasses(classes));
  }
}

/** What one request has been granted so far. */
export class RequestQuota {
  readonly #options: RequestLimitsOptions;
  readonly #rules: LimitRules;
  readonly #counts: ReadonlyMap<LimitClass, number>;
  readonly #told: Told[] = [];

  constructor(
    options: RequestLimitsOptions,
    rules: LimitRules,
    counts: ReadonlyMap<LimitClass, number>,
  ) {
    this.#options = options;
    this.#rules = rules;
    this.#counts = counts;
  }

  /** Before anybody looks at who calls; this machine itself (bots, load tests) is not limited. */
  async takeAddress(address: string): Promise<void> {
    if (!isLoopback(address)) await this.#take("address", address);
  }

  /** Once it is known who calls. */
  async takeAccount(playerId: string): Promise<void> {
    await this.#take("account", playerId);
  }

  /** `RateLimit-Policy` and `RateLimit` as in draft-ietf-httpapi-ratelimit-headers. */
  writeHeaders(headers: Headers): void {
    if (this.#told.length === 0) return;
    let policies = "";
    let limits = "";
    let waitSeconds = 0;
    for (const { rule, verdict } of this.#told) {
      const comma = policies === "" ? "" : ", ";
      policies += comma + rule.text;
      limits += `${comma}"${rule.name}";r=${verdict.remaining};t=${verdict.resetSeconds}`;
      waitSeconds = Math.max(waitSeconds, verdict.retryAfterSeconds);
    }
    headers.set("ratelimit-policy", policies);
    headers.set("ratelimit", limits);
    if (waitSeconds > 0) headers.set("retry-after", String(waitSeconds));
  }

  async #take(by: keyof ClassPolicies, who: string): Promise<void> {
    const { limiter, refused } = this.#options;
    for (const [limitClass, count] of this.#counts) {
      const rule = this.#rules[limitClass][by];
      const { name, policy } = rule;
      const verdict = await limiter.take({ key: `${name}:${who}`, policy, count });
      this.#told.push({ rule, verdict });
      if (verdict.allowed) continue;
      refused.inc({ class: limitClass, by });
      throw limited(by, verdict.retryAfterSeconds);
    }
  }
}

function makeRules(factor: number): LimitRules {
  const make = (limitClass: LimitClass, by: keyof ClassPolicies): LimitRule => {
    const name = `${limitClass}-${by}`;
    const policy = scalePolicy(limitClasses[limitClass][by], factor);
    return { name, policy, text: `"${name}";q=${policy.quota};w=${policy.windowSeconds}` };
  };
  const both = (limitClass: LimitClass) => ({
    address: make(limitClass, "address"),
    account: make(limitClass, "account"),
  });
  return {
    api: both("api"),
    auth: both("auth"),
    message: both("message"),
    trade: both("trade"),
    page: both("page"),
    webhook: both("webhook"),
  };
}

function countClasses(classes: readonly LimitClass[]): ReadonlyMap<LimitClass, number> {
  const counts = new Map<LimitClass, number>();
  for (const one of classes) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
}

function limited(by: keyof ClassPolicies, retryAfterSeconds: number): AppError {
  const whose = by === "address" ? "this address" : "this account";
  return new AppError(
    "RATE_LIMITED",
    `cannot take the call: too many calls from ${whose}; try again in ${retryAfterSeconds} s`,
    { retryAfterSeconds },
  );
}
