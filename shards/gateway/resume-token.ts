import { randomBytes } from "node:crypto";

/**
 * A token that lets its holder resume once. It carries the login by which its player came in: a
 * shard that was started again knows by it whose end ends the session too.
 */
export function makeResumeToken(loginId: string | undefined): string {
  const secret = randomBytes(16).toString("base64url");
  return loginId === undefined ? secret : `${secret}.${loginId}`;
}

/** The login in a token, to be believed when the token's hash is known. */
export function readLoginId(token: string): string | undefined {
  const dot = token.indexOf(".");
  return dot < 0 ? undefined : token.slice(dot + 1);
}
