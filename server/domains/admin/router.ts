import { Configuration } from "#shared/model/configuration.ts";
import { SendEventInput, SentEvent } from "#shared/model/events.ts";
import { protectedRest } from "../../rest-route.ts";
import { adminProcedure, router } from "../../trpc.ts";
import { sendEvent } from "../events/index.ts";

/** What only those who run the deployment may do. */
export const adminRouter = router({
  configuration: adminProcedure
    .meta(protectedRest("GET", "/admin/configuration", "The server's settings, secrets hidden"))
    .output(Configuration)
    .query(({ ctx }) => ({ settings: [...ctx.deps.configuration] })),
  sendEvent: adminProcedure
    .meta(protectedRest("POST", "/admin/events", "Send an event every way that events go"))
    .input(SendEventInput)
    .output(SentEvent)
    .mutation(({ ctx, input }) => sendEvent(ctx.deps, ctx.actor, input)),
});
