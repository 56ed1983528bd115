import {
  GetWorldInput,
  JoinedWorld,
  JoinWorldInput,
  World,
  WorldList,
} from "#shared/model/worlds.ts";
import { protectedRest, rest } from "../../rest-route.ts";
import { playerProcedure, publicProcedure, router } from "../../trpc.ts";
import { getWorld } from "./get-world.ts";
import { joinWorld } from "./join-world.ts";
import { listWorlds } from "./list-worlds.ts";
import { watchPopulation } from "./watch-population.ts";

/** Which worlds there are, and the way in. */
export const worldsRouter = router({
  list: publicProcedure
    .meta(rest("GET", "/worlds", "All worlds"))
    .output(WorldList)
    .query(({ ctx }) => listWorlds(ctx.deps)),
  get: publicProcedure
    .meta(rest("GET", "/worlds/{worldId}", "One world"))
    .input(GetWorldInput)
    .output(World)
    .query(({ ctx, input }) => getWorld(ctx.deps, input)),
  join: playerProcedure
    .meta(protectedRest("POST", "/worlds/{worldId}/join", "Get an address and a ticket"))
    .input(JoinWorldInput)
    .output(JoinedWorld)
    .mutation(({ ctx, input }) => joinWorld(ctx.deps, ctx.actor, input)),
  watchPopulation: publicProcedure
    .input(GetWorldInput)
    .subscription(({ ctx, input, signal }) => watchPopulation(ctx.deps, input, signal)),
});
