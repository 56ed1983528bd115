import {
  Credentials,
  GuestInput,
  LoggedOut,
  LogInInput,
  LogOutInput,
  RefreshInput,
  RegisterInput,
} from "#shared/model/auth.ts";
import { rest } from "../../rest-route.ts";
import { publicProcedure, router } from "../../trpc.ts";
import { createGuest } from "./create-guest.ts";
import { logInPlayer } from "./log-in-player.ts";
import { logOutPlayer } from "./log-out-player.ts";
import { refreshSession } from "./refresh-session.ts";
import { registerPlayer } from "./register-player.ts";

/** Accounts, guests and logins: who may ask for what. */
export const authRouter = router({
  register: publicProcedure
    .meta(rest("POST", "/auth/register", "Make an account and log in"))
    .input(RegisterInput)
    .output(Credentials)
    .mutation(({ ctx, input }) => registerPlayer(ctx.deps, ctx.address, input)),
  logIn: publicProcedure
    .meta(rest("POST", "/auth/log-in", "Log in with username and password"))
    .input(LogInInput)
    .output(Credentials)
    .mutation(({ ctx, input }) => logInPlayer(ctx.deps, ctx.address, input)),
  guest: publicProcedure
    .meta(rest("POST", "/auth/guest", "Play without an account"))
    .input(GuestInput)
    .output(Credentials)
    .mutation(({ ctx, input }) => createGuest(ctx.deps, ctx.address, input)),
  refresh: publicProcedure
    .meta(rest("POST", "/auth/refresh", "Exchange a refresh token for the next pair"))
    .input(RefreshInput)
    .output(Credentials)
    .mutation(({ ctx, input }) => refreshSession(ctx.deps, input)),
  logOut: publicProcedure
    .meta(rest("POST", "/auth/log-out", "End a login and the game session with it"))
    .input(LogOutInput)
    .output(LoggedOut)
    .mutation(({ ctx, input }) => logOutPlayer(ctx.deps, input)),
});
