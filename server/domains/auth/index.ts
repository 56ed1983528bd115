/** Accounts, guests and logins. */
export { authenticatePlayer } from "./authenticate-player.ts";
export { LoginThrottle } from "./login-throttle.ts";
export { createPasswordHasher } from "./password-hasher.ts";
export { createTokenIssuer, type TokenIssuer } from "./token-issuer.ts";
