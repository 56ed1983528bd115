import { NearInput, NearPlayers } from "#shared/model/positions.ts";
import { protectedRest } from "../../rest-route.ts";
import { moderatorProcedure, router } from "../../trpc.ts";
import { findNear } from "./find-near.ts";

/** Where players are, for staff: players see by their game session what is in sight. */
export const positionsRouter = router({
  near: moderatorProcedure
    .meta(protectedRest("GET", "/positions/near", "Who is near a point of a world"))
    .input(NearInput)
    .output(NearPlayers)
    .query(({ ctx, input }) => findNear(ctx.deps, input)),
});
