import {
  BeginTotpInput,
  BegunTotp,
  ChangePasswordInput,
  ConfirmedTotp,
  ConfirmTotpInput,
  Credentials,
  DisabledTotp,
  DisableTotpInput,
  EndedSessions,
  EndedSessionsInput,
  EndSessionInput,
  GuestInput,
  KeyList,
  LinkDeviceInput,
  LinkedDevice,
  LoggedOut,
  LogInDeviceInput,
  LogInInput,
  LogOutInput,
  RefreshInput,
  RegisterInput,
  RotateKeysInput,
  SessionList,
  SetUpInput,
  StreamTicket,
  UnlinkedDevices,
  UpgradeInput,
} from "#shared/model/auth.ts";
import {
  BeginOidcInput,
  BegunOidc,
  FinishOidcInput,
  LogInWithInput,
  ProviderList,
} from "#shared/model/identity.ts";
import {
  EmailVerified,
  MailAccepted,
  PasswordReset,
  RequestResetInput,
  ResetPasswordInput,
  SetEmailInput,
  VerifyEmailInput,
} from "#shared/model/mail.ts";
import { Player } from "#shared/model/players.ts";
import { protectedRest, rest } from "../../rest-route.ts";
import {
  adminProcedure,
  playerProcedure,
  publicProcedure,
  router,
  serviceProcedure,
} from "../../trpc.ts";
import { beginOidc } from "./begin-oidc.ts";
import { beginTotp } from "./begin-totp.ts";
import { changePassword } from "./change-password.ts";
import { confirmTotp } from "./confirm-totp.ts";
import { createGuest } from "./create-guest.ts";
import { createPasswordReset } from "./create-password-reset.ts";
import { createStreamTicket } from "./create-stream-ticket.ts";
import { deleteSession } from "./delete-session.ts";
import { disableTotp } from "./disable-totp.ts";
import { finishOidc } from "./finish-oidc.ts";
import { linkDevice } from "./link-device.ts";
import { listEndedSessions } from "./list-ended-sessions.ts";
import { listProviders } from "./list-providers.ts";
import { listSessions } from "./list-sessions.ts";
import { logInDevice } from "./log-in-device.ts";
import { logInPlayer } from "./log-in-player.ts";
import { logInWith } from "./log-in-with.ts";
import { logOutEverywhere } from "./log-out-everywhere.ts";
import { logOutPlayer } from "./log-out-player.ts";
import { refreshSession } from "./refresh-session.ts";
import { registerPlayer } from "./register-player.ts";
import { resetPassword } from "./reset-password.ts";
import { setUpDeployment } from "./set-up-deployment.ts";
import { unlinkDevices } from "./unlink-devices.ts";
import { updateEmail } from "./update-email.ts";
import { listKeys, rotateKeys } from "./update-keys.ts";
import { upgradeGuest } from "./upgrade-guest.ts";
import { verifyEmail } from "./verify-email.ts";

/** Guessing and making accounts is what strangers would do most of. */
const strangerProcedure = publicProcedure.meta({ limits: "auth" });

/** Accounts, guests and logins: who may ask for what. */
export const authRouter = router({
  register: strangerProcedure
    .meta(rest("POST", "/auth/register", "Make an account and log in"))
    .input(RegisterInput)
    .output(Credentials)
    .mutation(({ ctx, input }) => registerPlayer(ctx.deps, ctx.caller, input)),
  logIn: strangerProcedure
    .meta(rest("POST", "/auth/log-in", "Log in with username and password"))
    .input(LogInInput)
    .output(Credentials)
    .mutation(({ ctx, input }) => logInPlayer(ctx.deps, ctx.caller, input)),
  guest: strangerProcedure
    .meta(rest("POST", "/auth/guest", "Play without an account"))
    .input(GuestInput)
    .output(Credentials)
    .mutation(({ ctx, input }) => createGuest(ctx.deps, ctx.caller, input)),
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
  logInDevice: strangerProcedure
    .meta(rest("POST", "/auth/log-in-device", "Log in with a device's key"))
    .input(LogInDeviceInput)
    .output(Credentials)
    .mutation(({ ctx, input }) => logInDevice(ctx.deps, ctx.caller, input)),
  listProviders: publicProcedure
    .meta(rest("GET", "/auth/providers", "Who else vouches for people here"))
    .output(ProviderList)
    .query(({ ctx }) => listProviders(ctx.deps)),
  beginOidc: strangerProcedure
    .meta(rest("POST", "/auth/oidc/begin", "Begin a sign-in at the OpenID provider"))
    .input(BeginOidcInput)
    .output(BegunOidc)
    .mutation(({ ctx, input }) => beginOidc(ctx.deps, ctx.caller, input)),
  finishOidc: strangerProcedure
    .meta(rest("POST", "/auth/oidc/finish", "Log in by a sign-in at the OpenID provider"))
    .input(FinishOidcInput)
    .output(Credentials)
    .mutation(({ ctx, input }) => finishOidc(ctx.deps, { ...ctx.caller, actor: ctx.actor }, input)),
  logInWith: strangerProcedure
    .meta(rest("POST", "/auth/log-in-with", "Log in by what another system gave the client"))
    .input(LogInWithInput)
    .output(Credentials)
    .mutation(({ ctx, input }) => logInWith(ctx.deps, { ...ctx.caller, actor: ctx.actor }, input)),
  setUp: strangerProcedure
    .meta(rest("POST", "/auth/set-up", "Make the first administrator, with the start's link"))
    .input(SetUpInput)
    .output(Credentials)
    .mutation(({ ctx, input }) => setUpDeployment(ctx.deps, ctx.caller, input)),
  upgrade: playerProcedure
    .meta(protectedRest("POST", "/auth/upgrade", "Make a guest an account, with all it has"))
    .input(UpgradeInput)
    .output(Player)
    .mutation(({ ctx, input }) => upgradeGuest(ctx.deps, ctx, input)),
  changePassword: playerProcedure
    .meta(protectedRest("POST", "/auth/change-password", "Change it; all logins end"))
    .input(ChangePasswordInput)
    .output(Credentials)
    .mutation(({ ctx, input }) => changePassword(ctx.deps, ctx, input)),
  beginTotp: playerProcedure
    .meta(protectedRest("POST", "/auth/totp", "Get a secret for the telephone"))
    .input(BeginTotpInput)
    .output(BegunTotp)
    .mutation(({ ctx, input }) => beginTotp(ctx.deps, ctx, input)),
  confirmTotp: playerProcedure
    .meta(protectedRest("POST", "/auth/totp/confirm", "Make the second factor count"))
    .input(ConfirmTotpInput)
    .output(ConfirmedTotp)
    .mutation(({ ctx, input }) => confirmTotp(ctx.deps, ctx.actor, input)),
  disableTotp: playerProcedure
    .meta(protectedRest("POST", "/auth/totp/disable", "Take the second factor away"))
    .input(DisableTotpInput)
    .output(DisabledTotp)
    .mutation(({ ctx, input }) => disableTotp(ctx.deps, ctx, input)),
  setEmail: playerProcedure
    .meta(protectedRest("POST", "/auth/email", "Send a link that makes an address the caller's"))
    .input(SetEmailInput)
    .output(MailAccepted)
    .mutation(({ ctx, input }) => updateEmail(ctx.deps, ctx, input)),
  verifyEmail: strangerProcedure
    .meta(rest("POST", "/auth/verify-email", "Confirm an address, by the link in a mail"))
    .input(VerifyEmailInput)
    .output(EmailVerified)
    .mutation(({ ctx, input }) => verifyEmail(ctx.deps, input)),
  requestPasswordReset: strangerProcedure
    .meta(rest("POST", "/auth/request-password-reset", "Send a link that sets another password"))
    .input(RequestResetInput)
    .output(MailAccepted)
    .mutation(({ ctx, input }) => createPasswordReset(ctx.deps, ctx.caller, input)),
  resetPassword: strangerProcedure
    .meta(rest("POST", "/auth/reset-password", "Set another password, by the link in a mail"))
    .input(ResetPasswordInput)
    .output(PasswordReset)
    .mutation(({ ctx, input }) => resetPassword(ctx.deps, ctx.caller, input)),
  linkDevice: playerProcedure
    .meta(protectedRest("POST", "/auth/devices", "Let a device log the caller in"))
    .input(LinkDeviceInput)
    .output(LinkedDevice)
    .mutation(({ ctx, input }) => linkDevice(ctx.deps, ctx.actor, input)),
  unlinkDevices: playerProcedure
    .meta(protectedRest("DELETE", "/auth/devices", "Let no device log the caller in"))
    .output(UnlinkedDevices)
    .mutation(({ ctx }) => unlinkDevices(ctx.deps, ctx.actor)),
  listSessions: playerProcedure
    .meta(protectedRest("GET", "/auth/sessions", "Where the caller is logged in"))
    .output(SessionList)
    .query(({ ctx }) => listSessions(ctx.deps, ctx.actor)),
  endSession: playerProcedure
    .meta(protectedRest("DELETE", "/auth/sessions/{sessionId}", "End one login of the caller"))
    .input(EndSessionInput)
    .output(LoggedOut)
    .mutation(({ ctx, input }) => deleteSession(ctx.deps, ctx.actor, input)),
  createStreamTicket: playerProcedure
    .meta(protectedRest("POST", "/auth/stream-tickets", "Get what opens one stream, once"))
    .output(StreamTicket)
    .mutation(({ ctx }) => createStreamTicket(ctx.deps, ctx.actor)),
  listKeys: adminProcedure
    .meta(protectedRest("GET", "/auth/keys", "The keys that verify tokens"))
    .output(KeyList)
    .query(({ ctx }) => listKeys(ctx.deps)),
  rotateKeys: adminProcedure
    .meta(protectedRest("POST", "/auth/keys", "Make the key that signs next"))
    .input(RotateKeysInput)
    .output(KeyList)
    .mutation(({ ctx, input }) => rotateKeys(ctx.deps, ctx.actor, input)),
  listEndedSessions: serviceProcedure
    .meta(protectedRest("POST", "/auth/ended-sessions", "Which logins have ended, for shards"))
    .input(EndedSessionsInput)
    .output(EndedSessions)
    .mutation(({ ctx, input }) => listEndedSessions(ctx.deps, input)),
  logOutEverywhere: playerProcedure
    .meta(protectedRest("POST", "/auth/log-out-everywhere", "End all logins of the caller"))
    .output(LoggedOut)
    .mutation(({ ctx }) => logOutEverywhere(ctx.deps, ctx.actor)),
});
