import { max } from "drizzle-orm";
import { events } from "#shared/infra/db/schema/control.ts";
import type { Log } from "#shared/infra/log.ts";
import type { CancelTimer, Clock } from "#shared/time/clock.ts";
import type { ControlDatabase } from "../../deps.ts";

/** What nobody announced, such as what another server wrote, is noticed within this time. */
export const SWEEP_INTERVAL_MS = 1_000;

interface FeedDeps {
  readonly database: ControlDatabase;
  readonly clock: Clock;
  readonly log: Log;
}

/** Wakes those who read the event log when there is more in it; lives until `close`. */
export class EventFeed {
  readonly #deps: FeedDeps;
  readonly #listeners = new Set<() => void>();
  #newest = -1;
  #looking = false;
  #again = false;
  #closed = false;
  /** The last look failed, and that was said. */
  #troubled = false;
  #cancel: CancelTimer = () => undefined;

  constructor(deps: FeedDeps) {
    this.#deps = deps;
    this.#schedule();
  }

  /** Something may have been written; to be called after a commit, and never needed for order. */
  wake(): void {
    if (this.#closed) return;
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#looking = true;
    void this.#look();
  }

  /** Calls `listener` when the log has grown. */
  onGrowth(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
    this.#listeners.clear();
  }

  async #look(): Promise<void> {
    try {
      const [row] = await this.#deps.database.orm
        .select({ newest: max(events.number) })
        .from(events);
      const newest = row?.newest ?? 0;
      if (newest > this.#newest) {
        this.#newest = newest;
        for (const listener of [...this.#listeners]) listener();
      }
      this.#troubled = false;
    } catch (error) {
      if (!this.#closed && !this.#troubled) {
        this.#deps.log.warning("cannot look into the event log", { error });
      }
      this.#troubled = true;
    }
    this.#looking = false;
    if (!this.#again) return;
    this.#again = false;
    this.wake();
  }

  #schedule(): void {
    this.#cancel = this.#deps.clock.schedule(SWEEP_INTERVAL_MS, () => {
      this.wake();
      this.#schedule();
    });
  }
}
