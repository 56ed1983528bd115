import {
  GetPresenceInput,
  ListPresenceInput,
  PlayerPresence,
  PresencePage,
} from "#shared/model/presence.ts";
import { protectedRest } from "../../rest-route.ts";
import { moderatorProcedure, playerProcedure, router } from "../../trpc.ts";
import { getPresence } from "./get-presence.ts";
import { listPresence } from "./list-presence.ts";

/** Who is where, right within 10 s. */
export const presenceRouter = router({
  list: moderatorProcedure
    .meta(protectedRest("GET", "/presence", "Who is in a world or a region"))
    .input(ListPresenceInput)
    .output(PresencePage)
    .query(({ ctx, input }) => listPresence(ctx.deps, input)),
  get: playerProcedure
    .meta(protectedRest("GET", "/presence/{playerId}", "Where a player is"))
    .input(GetPresenceInput)
    .output(PlayerPresence)
    .query(({ ctx, input }) => getPresence(ctx.deps, ctx.actor, input)),
});
