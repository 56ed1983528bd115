import type { Clock } from "#shared/time/clock.ts";
import { RecentMap } from "../../limits/recent-map.ts";

/** Mails that one address is sent within the window, whoever asks and from wherever. */
export const MAILS_PER_ADDRESS_MAX = 3;
const WINDOW_MS = 60 * 60 * 1_000;
/** Addresses remembered; beyond it the one that was asked for longest ago starts anew. */
const ADDRESSES_MAX = 20_000;

/** Keeps strangers from filling somebody's mailbox; kept in memory. */
export class MailLimiter {
  readonly #clock: Clock;
  readonly #sentMs = new RecentMap<string, number[]>(ADDRESSES_MAX);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether one more may go; to the outside both answers must look the same. */
  take(address: string): boolean {
    const key = address.toLowerCase();
    const nowMs = this.#clock.monotonicMs();
    const recent = (this.#sentMs.get(key) ?? []).filter((atMs) => nowMs - atMs < WINDOW_MS);
    const isAllowed = recent.length < MAILS_PER_ADDRESS_MAX;
    this.#sentMs.set(key, isAllowed ? [...recent, nowMs] : recent);
    return isAllowed;
  }
}
