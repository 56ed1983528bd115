import { sql } from "drizzle-orm";
import { events } from "#shared/infra/db/schema/control.ts";
import { eventCatalogue, isKnownEventType } from "#shared/model/event-catalogue.ts";
import type { EventType } from "#shared/model/events.ts";
import type { ServerDeps } from "../../deps.ts";

export interface NewEvent {
  readonly type: EventType;
  /** As the type's message of events.proto says it in JSON. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Its own where it may be told twice: a second one of the same id is nothing new. */
  readonly id?: string;
  readonly priority?: number;
  readonly source?: string;
  readonly correlationId?: string;
  readonly region?: string | undefined;
  readonly worldId?: string | undefined;
  readonly shardKey?: string | undefined;
  readonly playerId?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>>;
}

type PrepareDeps = Pick<ServerDeps, "database" | "clock">;

/** The statement that writes an event, to go into the batch of its cause. */
export function prepareEvent({ database: { orm }, clock }: PrepareDeps, event: NewEvent) {
  return orm.insert(events).values(toValues(event, clock.wallMs())).onConflictDoNothing();
}

/** As `prepareEvent`, but writes only if the statement before it in the batch changed a row. */
export function prepareEventOfChange(
  { database: { orm }, clock }: PrepareDeps,
  event: Pick<NewEvent, "type" | "data"> & { readonly playerId: string },
) {
  const { type, data, playerId } = event;
  return orm.run(sql`INSERT INTO ${events} (type, at_ms, player_id, data)
    SELECT ${type}, ${Math.trunc(clock.wallMs())}, ${playerId}, ${JSON.stringify(data)}
    WHERE changes() > 0`);
}

function toValues(event: NewEvent, nowMs: number): typeof events.$inferInsert {
  const { type, data, metadata = {}, ...rest } = event;
  return {
    ...rest,
    type,
    version: isKnownEventType(type) ? eventCatalogue[type].version : 1,
    atMs: Math.trunc(nowMs),
    data: JSON.stringify(data),
    metadata: JSON.stringify(metadata),
  };
}
