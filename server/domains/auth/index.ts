/** Accounts, guests and logins. */
export { AttemptLimiter } from "./attempt-limiter.ts";
export { createAuthenticator } from "./create-authenticator.ts";
export { keepTokensTidy } from "./delete-expired-tokens.ts";
export { prepareEnds, tellEnds } from "./end-sessions.ts";
export { isBannedNow } from "./find-ban.ts";
export {
  createIdentity,
  type Identity,
  type IdentitySettings,
} from "./identity/create-identity.ts";
export { LoginThrottle } from "./login-throttle.ts";
export { MailLimiter } from "./mail-limiter.ts";
export { MailQueue } from "./mail-queue.ts";
export { createPasswordHasher } from "./password-hasher.ts";
export { SetUpLink } from "./set-up-link.ts";
export { SigningKeys } from "./signing-keys.ts";
export { createTokenIssuer, type TokenIssuer } from "./token-issuer.ts";
