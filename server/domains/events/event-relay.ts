import { asc, gt, inArray, sql } from "drizzle-orm";
import { eventCursors, events } from "#shared/infra/db/schema/control.ts";
import type { CancelTimer } from "#shared/time/clock.ts";
import type { ServerDeps } from "../../deps.ts";
import type { EventRow } from "./event-row.ts";

/** Told in one go; the place is written down after each. */
const TOLD_LENGTH_MAX = 100;
const RETRY_MS = 1_000;

export type RelayDeps = Pick<ServerDeps, "database" | "log" | "feed" | "clock">;

/** The statements of a receiver that keeps what it is told, such as the queue of webhooks. */
export type PrepareTold = (rows: readonly EventRow[]) => Promise<readonly RelayStatement[]>;
export type RelayStatement = ReturnType<ServerDeps["database"]["orm"]["run"]>;

/** Whoever is told of all events, in order. */
export interface EventReceiver {
  /** Names its place in the log. */
  readonly name: string;
  /** Where a new one begins: where another one is, if there is that one. */
  readonly beginsLike?: string;
  /** Statements that go into one transaction with the place, so that they are done once. */
  readonly prepare: PrepareTold;
  /** Called after each commit of statements. */
  readonly told?: () => void;
}

/**
 * Carries the event log on to one receiver. What it does in the database is done exactly once; what
 * it does elsewhere before it gives its statements is done again when it fails or the process
 * dies.
 */
export class EventRelay {
  readonly #deps: RelayDeps;
  readonly #receiver: EventReceiver;
  readonly #stop: () => void;
  #running: Promise<void> | undefined;
  #again = false;
  #closed = false;
  #saidFailing = false;
  #cancelRetry: CancelTimer = () => undefined;

  constructor(deps: RelayDeps, receiver: EventReceiver) {
    this.#deps = deps;
    this.#receiver = receiver;
    this.#stop = deps.feed.onGrowth(() => this.#run());
    this.#run();
  }

  /** Ends it; resolves when nothing of it touches the database any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stop();
    this.#cancelRetry();
    await this.#running;
  }

  #run(): void {
    if (this.#closed) return;
    if (this.#running !== undefined) {
      this.#again = true;
      return;
    }
    this.#cancelRetry();
    this.#running = this.#tellAll()
      .catch((error) => {
        if (this.#closed) return;
        const { name } = this.#receiver;
        if (!this.#saidFailing) {
          const reason = error instanceof Error ? error.message : String(error);
          this.#deps.log.warning("cannot tell of events now, trying again", { name, reason });
        }
        this.#saidFailing = true;
        this.#cancelRetry = this.#deps.clock.schedule(RETRY_MS, () => this.#run());
      })
      .finally(() => {
        this.#running = undefined;
        if (!this.#again) return;
        this.#again = false;
        this.#run();
      });
  }

  async #tellAll(): Promise<void> {
    while (!this.#closed && (await this.#tellSome()));
  }

  /** Whether there may be more. */
  async #tellSome(): Promise<boolean> {
    const { orm } = this.#deps.database;
    const { name, prepare, told } = this.#receiver;
    const rows = await orm
      .select()
      .from(events)
      .where(gt(events.number, await this.#readPlace()))
      .orderBy(asc(events.number))
      .limit(TOLD_LENGTH_MAX);
    const last = rows.at(-1);
    if (last === undefined) return false;
    const statements = await prepare(rows);
    await orm.batch([
      orm
        .insert(eventCursors)
        .values({ name, number: last.number })
        .onConflictDoUpdate({
          target: eventCursors.name,
          set: { number: sql`max(${eventCursors.number}, ${last.number})` },
        }),
      ...statements,
    ]);
    if (this.#saidFailing) this.#deps.log.info("events are told again", { name });
    this.#saidFailing = false;
    if (statements.length > 0) told?.();
    return rows.length === TOLD_LENGTH_MAX;
  }

  async #readPlace(): Promise<number> {
    const { name, beginsLike = name } = this.#receiver;
    const rows = await this.#deps.database.orm
      .select()
      .from(eventCursors)
      .where(inArray(eventCursors.name, [name, beginsLike]));
    const place = rows.find((row) => row.name === name) ?? rows[0];
    return place?.number ?? 0;
  }
}
