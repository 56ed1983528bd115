/** Slows guessing down: after five failures each further attempt has to wait longer. */
import { AppError } from "#shared/model/errors.ts";
import type { Clock } from "#shared/time/clock.ts";
import { RecentMap } from "../../limits/recent-map.ts";

const FREE_FAILURES = 5;
const DELAY_SECONDS_MAX = 15 * 60;
const FORGET_AFTER_MS = 60 * 60 * 1000;
/** Pairs remembered; beyond it the one that failed longest ago is forgotten. */
const ENTRIES_MAX = 20_000;

interface Entry {
  failures: number;
  lastMs: number;
}

/** Failures by username and address, known and unknown usernames alike; kept in memory. */
export class LoginThrottle {
  readonly #clock: Clock;
  readonly #entries = new RecentMap<string, Entry>(ENTRIES_MAX);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts the attempt as failed until `succeed` is called; throws TOO_MANY_ATTEMPTS. */
  begin(username: string, address: string): void {
    const key = toKey(username, address);
    const nowMs = this.#clock.monotonicMs();
    const known = this.#entries.get(key);
    const entry =
      known === undefined || nowMs - known.lastMs > FORGET_AFTER_MS
        ? { failures: 0, lastMs: nowMs }
        : known;
    const waitMs = entry.lastMs + delayMs(entry.failures) - nowMs;
    if (waitMs > 0) {
      const retryAfterSeconds = Math.ceil(waitMs / 1000);
      throw new AppError(
        "TOO_MANY_ATTEMPTS",
        `cannot log in: too many failed attempts; try again in ${retryAfterSeconds} s`,
        { retryAfterSeconds },
      );
    }
    entry.failures += 1;
    entry.lastMs = nowMs;
    this.#entries.set(key, entry);
  }

  /** The attempt begun last was no guess: nobody looked at its password. */
  withdraw(username: string, address: string): void {
    const entry = this.#entries.get(toKey(username, address));
    if (entry !== undefined && entry.failures > 0) entry.failures -= 1;
  }

  succeed(username: string, address: string): void {
    this.#entries.delete(toKey(username, address));
  }
}

function toKey(username: string, address: string): string {
  return `${address} ${username.toLowerCase()}`;
}

/** 1 s after the fifth failure, doubling with each. */
function delayMs(failures: number): number {
  if (failures < FREE_FAILURES) return 0;
  return Math.min(DELAY_SECONDS_MAX, 2 ** (failures - FREE_FAILURES)) * 1000;
}
