/** Whether the control database answers, as /health and /ready tell it. */
import { awayFaultOf } from "#shared/infra/db/database-error.ts";
import type { Log } from "#shared/infra/log.ts";
import { within } from "#shared/infra/within.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { ControlDatabase } from "./deps.ts";

/** Two questions within this time are one. */
const FRESH_MS = 1_000;
/** A database that has not answered by then is away, though its socket may be open. */
export const PROBE_MS_MAX = 3_000;
/** So long after a query failed, the database is not called well. */
const FAULT_MS = 5_000;

export interface DatabaseHealthOptions {
  readonly database: { readonly client: Pick<ControlDatabase["client"], "execute"> };
  readonly clock: Clock;
  readonly log: Log;
}

/** Turns when a query fails or nobody answers, and back by itself. */
export class DatabaseHealth {
  readonly #options: DatabaseHealthOptions;
  #asked: { readonly atMs: number; readonly answer: Promise<boolean> } | undefined;
  /** The question that is not answered yet; a database that is frozen is not asked another. */
  #owed: { readonly sinceMs: number; readonly answer: Promise<unknown> } | undefined;
  #faultUntilMs = Number.NEGATIVE_INFINITY;
  #ill = false;

  constructor(options: DatabaseHealthOptions) {
    this.#options = options;
  }

  /** Why the server cannot do its work, or nothing. */
  async trouble(): Promise<string | undefined> {
    const answers = await this.#ask();
    if (!answers) return this.#turn("the control database does not answer");
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs < this.#faultUntilMs) return this.#turn("the control database takes no writes");
    return this.#turn(undefined);
  }

  /** Of an error that a use case ended with: a full disk, say, shows only when one writes. */
  note(error: unknown): void {
    const text = awayFaultOf(error);
    if (text === undefined) return;
    const { clock, log } = this.#options;
    if (!this.#ill) log.warning("control database is busy or away", { text });
    this.#ill = true;
    this.#faultUntilMs = clock.monotonicMs() + FAULT_MS;
  }

  #ask(): Promise<boolean> {
    const { clock } = this.#options;
    const atMs = clock.monotonicMs();
    if (this.#asked !== undefined && atMs - this.#asked.atMs < FRESH_MS) return this.#asked.answer;
    const answer = this.#probe();
    this.#asked = { atMs, answer };
    return answer;
  }

  async #probe(): Promise<boolean> {
    const { clock } = this.#options;
    const { sinceMs, answer } = this.#question();
    const leftMs = sinceMs + PROBE_MS_MAX - clock.monotonicMs();
    if (leftMs <= 0) return false;
    try {
      await within(clock, leftMs, answer);
      return true;
    } catch {
      return false;
    }
  }

  #question(): { readonly sinceMs: number; readonly answer: Promise<unknown> } {
    if (this.#owed !== undefined) return this.#owed;
    const { database, clock } = this.#options;
    const answer = database.client.execute("SELECT 1").finally(() => {
      this.#owed = undefined;
    });
    answer.catch(() => undefined);
    this.#owed = { sinceMs: clock.monotonicMs(), answer };
    return this.#owed;
  }

  #turn(trouble: string | undefined): string | undefined {
    const ill = trouble !== undefined;
    if (ill && !this.#ill) this.#options.log.warning("control database is in trouble", { trouble });
    if (!ill && this.#ill) this.#options.log.info("control database is well again");
    this.#ill = ill;
    return trouble;
  }
}
