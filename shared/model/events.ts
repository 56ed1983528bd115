/** Domain events: how they are asked for, counted, followed and sent. */
import { z } from "zod";
import { CUSTOM_PREFIX, isKnownEventType } from "./event-catalogue.ts";
import { PlayerId, RegionId, WorldId } from "./ids.ts";
import { JsonObject } from "./json-value.ts";

/** Events of one answer. */
const EVENTS_LENGTH_MAX = 200;
const NAMES_LENGTH_MAX = 20;
/** Buckets of one statistics answer. */
export const BUCKETS_LENGTH_MAX = 2_000;

/** A type of the catalogue, or `custom.` and a name. */
export const EventType = z
  .string()
  .max(64, "must be at most 64 characters long")
  .refine(
    (type) => isKnownEventType(type) || /^custom\.[a-z][a-z0-9_]*$/.test(type),
    `must be a type that events.types lists, or ${CUSTOM_PREFIX} and a name of a-z, 0-9 and _`,
  )
  .meta({ examples: ["player.logged_in"] });
export type EventType = z.infer<typeof EventType>;

/** A place in the log: everything after it is what has not been read. */
export const EventCursor = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,15})$/, "must be a cursor that an earlier answer gave")
  .meta({ description: "Where an earlier answer ended" });
export type EventCursor = z.infer<typeof EventCursor>;

/** One or more names with commas between, which is what an address can carry. */
function namesOf<Item extends z.ZodType<string, string>>(item: Item, what: string) {
  return z
    .string()
    .max(1_500)
    .transform((text) => text.split(",").map((part) => part.trim()))
    .pipe(z.array(item).min(1).max(NAMES_LENGTH_MAX))
    .meta({ description: `${what}, with commas between` });
}

const filter = {
  types: namesOf(EventType, "Types").optional(),
  regions: namesOf(RegionId, "Regions").optional(),
  players: namesOf(PlayerId, "Whom the events are about").optional(),
  worldId: WorldId.optional(),
};

const Time = z.iso.datetime({ offset: true });

/** What to follow; nothing is everything that the caller may see. */
export const FollowEventsInput = z.object({
  ...filter,
  after: EventCursor.optional().meta({ description: "Start behind this place, not now" }),
  /** Set by clients that come back. */
  lastEventId: EventCursor.nullish(),
});
export type FollowEventsInput = z.infer<typeof FollowEventsInput>;

/** What to look for: `since` is part of the time, `until` is not. */
export const QueryEventsInput = z.object({
  ...filter,
  since: Time.optional(),
  until: Time.optional(),
  order: z.enum(["ascending", "descending"]).default("descending"),
  limit: z.coerce.number().int().min(1).max(EVENTS_LENGTH_MAX).default(50),
  cursor: EventCursor.optional(),
});
export type QueryEventsInput = z.infer<typeof QueryEventsInput>;

export const EventStatisticsInput = z.object({
  ...filter,
  since: Time.optional(),
  until: Time.optional(),
  by: z.enum(["hour", "day", "type", "region"]).default("type"),
});
export type EventStatisticsInput = z.infer<typeof EventStatisticsInput>;

/** Something that happened. */
export const LoggedEvent = z
  .object({
    cursor: z.string().meta({ description: "Its place in the log" }),
    id: z.string(),
    type: z.string().meta({ examples: ["player.logged_in"] }),
    version: z.number().int().meta({ description: "Of the type's data" }),
    time: z.iso.datetime(),
    priority: z.number().int().meta({ description: "0 to 9, the most urgent" }),
    source: z.string(),
    correlationId: z.string(),
    tenant: z.string(),
    region: z.string().nullable(),
    worldId: z.string().nullable(),
    shardKey: z.string().nullable(),
    playerId: z.string().nullable().meta({ description: "Whom it is about" }),
    data: z.record(z.string(), z.unknown()).meta({ description: "As events.proto says" }),
    metadata: z.record(z.string(), z.string()),
  })
  .meta({ id: "LoggedEvent" });
export type LoggedEvent = z.infer<typeof LoggedEvent>;

/** Answer of events.query. */
export const EventPage = z.object({
  events: z.array(LoggedEvent),
  nextCursor: z.string().nullable().meta({ description: "Null when there are no more now" }),
});
export type EventPage = z.infer<typeof EventPage>;

/** Answer of events.statistics. */
export const EventStatistics = z.object({
  total: z.number().int(),
  buckets: z.array(
    z.object({
      key: z.string().meta({ description: "An hour or day in UTC, a type or a region" }),
      count: z.number().int(),
    }),
  ),
});
export type EventStatistics = z.infer<typeof EventStatistics>;

/** Answer of events.types. */
export const EventTypeList = z.object({
  types: z.array(
    z.object({
      type: z.string(),
      audience: z.enum(["everyone", "subject", "staff", "admin"]),
      version: z.number().int(),
      produced: z.boolean().meta({
        description: "False for types that nothing in this version tells of by itself",
      }),
    }),
  ),
});
export type EventTypeList = z.infer<typeof EventTypeList>;

/** An event that an administrator sends. */
export const SendEventInput = z.object({
  type: EventType,
  data: JsonObject.default({}),
  region: RegionId.optional(),
  worldId: WorldId.optional(),
  playerId: PlayerId.optional(),
});
export type SendEventInput = z.infer<typeof SendEventInput>;

/** Answer of admin.sendEvent. */
export const SentEvent = z.object({ id: z.string(), cursor: z.string() });
export type SentEvent = z.infer<typeof SentEvent>;
