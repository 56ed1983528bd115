import { and, asc, desc, gt, lt } from "drizzle-orm";
import { events } from "#shared/infra/db/schema/control.ts";
import type { EventPage, QueryEventsInput } from "#shared/model/events.ts";
import type { ServerDeps } from "../../deps.ts";
import { type EventReader, whereEvents } from "./event-filter.ts";
import { toLoggedEvent } from "./event-row.ts";

/** A page of the log; what is written while one pages neither shifts nor repeats anything. */
export async function queryEvents(
  deps: Pick<ServerDeps, "database">,
  reader: EventReader,
  input: QueryEventsInput,
): Promise<EventPage> {
  const { cursor, limit, order } = input;
  const rising = order === "ascending";
  const beyond = rising ? gt : lt;
  const rows = await deps.database.orm
    .select()
    .from(events)
    .where(
      and(
        whereEvents(reader, input),
        cursor === undefined ? undefined : beyond(events.number, Number(cursor)),
      ),
    )
    .orderBy(rising ? asc(events.number) : desc(events.number))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { events: page.map(toLoggedEvent), nextCursor: more ? String(last.number) : null };
}
