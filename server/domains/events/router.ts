import {
  EventPage,
  EventStatistics,
  EventStatisticsInput,
  EventTypeList,
  FollowEventsInput,
  QueryEventsInput,
} from "#shared/model/events.ts";
import { protectedRest, rest } from "../../rest-route.ts";
import { playerProcedure, publicProcedure, router } from "../../trpc.ts";
import { toReader } from "./event-filter.ts";
import { followEvents } from "./follow-events.ts";
import { getEventStatistics } from "./get-event-statistics.ts";
import { listEventTypes } from "./list-event-types.ts";
import { queryEvents } from "./query-events.ts";

/** The event log: each caller reads what its role may see. */
export const eventsRouter = router({
  types: publicProcedure
    .meta(rest("GET", "/events/types", "All types of events"))
    .output(EventTypeList)
    .query(() => listEventTypes()),
  query: playerProcedure
    .meta(protectedRest("GET", "/events", "A page of the event log"))
    .input(QueryEventsInput)
    .output(EventPage)
    .query(({ ctx, input }) => queryEvents(ctx.deps, toReader(ctx), input)),
  statistics: playerProcedure
    .meta(protectedRest("GET", "/events/statistics", "Events by hour, day, type or region"))
    .input(EventStatisticsInput)
    .output(EventStatistics)
    .query(({ ctx, input }) => getEventStatistics(ctx.deps, toReader(ctx), input)),
  follow: playerProcedure
    .input(FollowEventsInput)
    .subscription(({ ctx, input, signal }) =>
      followEvents(ctx.deps, { actor: ctx.actor, signal }, input),
    ),
});
