import { asc, eq, gt, sql } from "drizzle-orm";
import { TOPIC_EVENTS } from "#shared/infra/bus/bus.ts";
import { eventCursors, events } from "#shared/infra/db/schema/control.ts";
import type { CancelTimer } from "#shared/time/clock.ts";
import type { ServerDeps } from "../../deps.ts";
import { type EventRow, toDomainEvent } from "./event-row.ts";

/** Told in one go; the place of the relay is written down after each. */
const TOLD_LENGTH_MAX = 100;
const RETRY_MS = 1_000;

export type RelayDeps = Pick<ServerDeps, "database" | "bus" | "log" | "feed" | "clock">;

/** The statements of a receiver that keeps what it is told, such as the queue of webhooks. */
export type PrepareTold = (rows: readonly EventRow[]) => Promise<readonly RelayStatement[]>;
export type RelayStatement = ReturnType<ServerDeps["database"]["orm"]["run"]>;

/**
 * Carries the event log on: to the bus, at least once and with the event's own id, and to receivers
 * that live in the database, exactly once: their rows and the relay's place are one transaction.
 */
export class EventRelay {
  readonly #deps: RelayDeps;
  readonly #prepare: PrepareTold;
  readonly #told: () => void;
  readonly #stop: () => void;
  #running: Promise<void> | undefined;
  #again = false;
  #closed = false;
  #cancelRetry: CancelTimer = () => undefined;

  /** `told` is called after each commit of what `prepare` gave. */
  constructor(deps: RelayDeps, receiver: { prepare: PrepareTold; told: () => void }) {
    this.#deps = deps;
    this.#prepare = receiver.prepare;
    this.#told = receiver.told;
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
        this.#deps.log.warning("cannot tell of events now, trying again", { error });
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
    const isRelay = eq(eventCursors.name, "relay");
    const [[cursor]] = await orm.batch([orm.select().from(eventCursors).where(isRelay)]);
    const place = cursor?.number ?? 0;
    const rows = await orm
      .select()
      .from(events)
      .where(gt(events.number, place))
      .orderBy(asc(events.number))
      .limit(TOLD_LENGTH_MAX);
    const last = rows.at(-1);
    if (last === undefined) return false;
    for (const row of rows) this.#publish(row);
    const statements = await this.#prepare(rows);
    await orm.batch([
      orm
        .insert(eventCursors)
        .values({ name: "relay", number: last.number })
        .onConflictDoUpdate({
          target: eventCursors.name,
          set: { number: sql`max(${eventCursors.number}, ${last.number})` },
        }),
      ...statements,
    ]);
    if (statements.length > 0) this.#told();
    return rows.length === TOLD_LENGTH_MAX;
  }

  #publish(row: EventRow): void {
    try {
      const value = toDomainEvent(row);
      this.#deps.bus.publish(TOPIC_EVENTS, { case: "domainEvent", value }, { id: row.id });
    } catch (error) {
      this.#deps.log.error("an event is not what events.proto says", { type: row.type, error });
    }
  }
}
