import { and, eq, isNull } from "drizzle-orm";
import { players, sessions } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { Actor } from "../../context.ts";
import type { ControlDatabase } from "../../deps.ts";
import type { TokenIssuer } from "./token-issuer.ts";

/** Believes an access token; one whose login has ended counts no more, valid or not. */
export async function authenticatePlayer(
  deps: { database: ControlDatabase; tokens: TokenIssuer },
  token: string,
): Promise<Actor> {
  const { playerId, sessionId } = await deps.tokens.verifyAccess(token);
  const [player] = await deps.database.orm
    .select({ role: players.role, displayName: players.displayName })
    .from(sessions)
    .innerJoin(players, eq(players.id, sessions.playerId))
    .where(
      and(eq(sessions.id, sessionId), eq(sessions.playerId, playerId), isNull(sessions.endedAtMs)),
    );
  if (player === undefined) {
    throw new AppError(
      "UNAUTHORIZED",
      "cannot accept the access token: its login has ended; log in again",
    );
  }
  return { playerId, sessionId, ...player };
}
