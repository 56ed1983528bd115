import { Player, RenamePlayerInput } from "#shared/model/players.ts";
import { protectedRest } from "../../rest-route.ts";
import { playerProcedure, router } from "../../trpc.ts";
import { getPlayer } from "./get-player.ts";
import { renamePlayer } from "./rename-player.ts";

/** What players may ask about themselves. */
export const playersRouter = router({
  me: playerProcedure
    .meta(protectedRest("GET", "/players/me", "The logged-in player"))
    .output(Player)
    .query(({ ctx }) => getPlayer(ctx.deps, ctx.actor)),
  rename: playerProcedure
    .meta(protectedRest("PATCH", "/players/me", "Change the display name"))
    .input(RenamePlayerInput)
    .output(Player)
    .mutation(({ ctx, input }) => renamePlayer(ctx.deps, ctx.actor, input)),
});
