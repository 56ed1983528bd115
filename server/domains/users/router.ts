import { Player } from "#shared/model/players.ts";
import { ShardsTold } from "#shared/model/shards.ts";
import {
  BanInput,
  Banned,
  GetUserInput,
  KickInput,
  SearchUsersInput,
  SetRoleInput,
  UnbanInput,
  Unbanned,
  UserDetails,
  UserPage,
} from "#shared/model/users.ts";
import { protectedRest } from "../../rest-route.ts";
import { adminProcedure, moderatorProcedure, router } from "../../trpc.ts";
import { banUser } from "./ban-user.ts";
import { getUser } from "./get-user.ts";
import { kickUser } from "./kick-user.ts";
import { searchUsers } from "./search-users.ts";
import { unbanUser } from "./unban-user.ts";
import { updateRole } from "./update-role.ts";

/** What staff may do about players. */
export const usersRouter = router({
  search: moderatorProcedure
    .meta(protectedRest("GET", "/users", "Look for players"))
    .input(SearchUsersInput)
    .output(UserPage)
    .query(({ ctx, input }) => searchUsers(ctx.deps, input)),
  get: moderatorProcedure
    .meta(protectedRest("GET", "/users/{playerId}", "One player as staff sees it"))
    .input(GetUserInput)
    .output(UserDetails)
    .query(({ ctx, input }) => getUser(ctx.deps, input)),
  setRole: adminProcedure
    .meta(protectedRest("PUT", "/users/{playerId}/role", "Give a player another role"))
    .input(SetRoleInput)
    .output(Player)
    .mutation(({ ctx, input }) => updateRole(ctx.deps, ctx.actor, input)),
  kick: moderatorProcedure
    .meta(protectedRest("POST", "/users/{playerId}/kick", "End a player's game sessions"))
    .input(KickInput)
    .output(ShardsTold)
    .mutation(({ ctx, input }) => kickUser(ctx.deps, ctx.actor, input)),
  ban: moderatorProcedure
    .meta(protectedRest("PUT", "/users/{playerId}/ban", "End a player's logins, and allow no more"))
    .input(BanInput)
    .output(Banned)
    .mutation(({ ctx, input }) => banUser(ctx.deps, ctx.actor, input)),
  unban: moderatorProcedure
    .meta(protectedRest("DELETE", "/users/{playerId}/ban", "Let a player log in again"))
    .input(UnbanInput)
    .output(Unbanned)
    .mutation(({ ctx, input }) => unbanUser(ctx.deps, ctx.actor, input)),
});
