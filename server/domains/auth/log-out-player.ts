import { eq } from "drizzle-orm";
import { refreshTokens, sessions } from "#shared/infra/db/schema/control.ts";
import type { LoggedOut, LogOutInput } from "#shared/model/auth.ts";
import type { ServerDeps } from "../../deps.ts";
import { endSessions } from "./end-sessions.ts";
import { hashRefreshToken } from "./refresh-token.ts";

/** Ends the login that the token belongs to; says the same about a token that nobody knows. */
export async function logOutPlayer(deps: ServerDeps, input: LogOutInput): Promise<LoggedOut> {
  const [token] = await deps.database.orm
    .select({ sessionId: refreshTokens.sessionId })
    .from(refreshTokens)
    .where(eq(refreshTokens.hash, hashRefreshToken(input.refreshToken)));
  if (token !== undefined) {
    await endSessions(deps, eq(sessions.id, token.sessionId), "logged out");
  }
  return { loggedOut: true };
}
