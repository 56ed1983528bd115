import type { Log } from "#shared/infra/log.ts";
import type { Clock } from "#shared/time/clock.ts";

const SAID_EVERY_MS = 60_000;
/** Different things that are remembered; then all may be said again. */
const SUBJECTS_MAX = 1_000;

/** Says each thing once a minute at most: what others send must not fill the log. */
export class SeldomLog {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #saidMs = new Map<string, number>();

  constructor(log: Log, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  warning(subject: string, message: string): void {
    if (this.#isNew(subject)) this.#log.warning(message);
  }

  /** Says that a thing is over: when it comes back, it is said again at once. */
  over(subject: string, message: string): void {
    if (this.#saidMs.delete(subject)) this.#log.info(message);
  }

  error(subject: string, message: string): void {
    if (this.#isNew(subject)) this.#log.error(message);
  }

  #isNew(subject: string): boolean {
    const nowMs = this.#clock.monotonicMs();
    const saidMs = this.#saidMs.get(subject);
    if (saidMs !== undefined && nowMs - saidMs < SAID_EVERY_MS) return false;
    if (this.#saidMs.size >= SUBJECTS_MAX) this.#saidMs.clear();
    this.#saidMs.set(subject, nowMs);
    return true;
  }
}
