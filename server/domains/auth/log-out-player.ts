import { eq } from "drizzle-orm";
import { refreshTokens, sessions } from "#shared/infra/db/schema/control.ts";
import type { LoggedOut, LogOutInput } from "#shared/model/auth.ts";
import type { ServerDeps } from "../../deps.ts";
import { endSession } from "./end-session.ts";
import { hashRefreshToken } from "./refresh-token.ts";

/** Ends the login that the token belongs to; says the same about a token that nobody knows. */
export async function logOutPlayer(deps: ServerDeps, input: LogOutInput): Promise<LoggedOut> {
  const [session] = await deps.database.orm
    .select({ id: sessions.id, playerId: sessions.playerId })
    .from(refreshTokens)
    .innerJoin(sessions, eq(sessions.id, refreshTokens.sessionId))
    .where(eq(refreshTokens.hash, hashRefreshToken(input.refreshToken)));
  if (session !== undefined) await endSession(deps, session, "logged out");
  return { loggedOut: true };
}
