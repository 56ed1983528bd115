import { count, desc, sql } from "drizzle-orm";
import { events } from "#shared/infra/db/schema/control.ts";
import {
  BUCKETS_LENGTH_MAX,
  type EventStatistics,
  type EventStatisticsInput,
} from "#shared/model/events.ts";
import type { ServerDeps } from "../../deps.ts";
import { type EventReader, whereEvents } from "./event-filter.ts";

const keys = {
  hour: sql<string>`strftime('%Y-%m-%dT%H:00:00Z', ${events.atMs} / 1000, 'unixepoch')`,
  day: sql<string>`strftime('%Y-%m-%d', ${events.atMs} / 1000, 'unixepoch')`,
  type: sql<string>`${events.type}`,
  region: sql<string>`coalesce(${events.region}, '')`,
};

/** How many events there were; times in order, anything else the most frequent first. */
export async function getEventStatistics(
  deps: Pick<ServerDeps, "database">,
  reader: EventReader,
  input: EventStatisticsInput,
): Promise<EventStatistics> {
  const { orm } = deps.database;
  const where = whereEvents(reader, input);
  const key = keys[input.by];
  const isTime = input.by === "hour" || input.by === "day";
  const [buckets, [sum]] = await orm.batch([
    orm
      .select({ key, count: count() })
      .from(events)
      .where(where)
      .groupBy(key)
      .orderBy(isTime ? desc(key) : desc(count()), key)
      .limit(BUCKETS_LENGTH_MAX),
    orm.select({ total: count() }).from(events).where(where),
  ]);
  return { total: sum?.total ?? 0, buckets: isTime ? buckets.reverse() : buckets };
}
