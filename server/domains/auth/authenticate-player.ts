import { and, eq, isNull } from "drizzle-orm";
import { bans, players, sessions, totpSecrets } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { Actor } from "../../context.ts";
import type { ControlDatabase } from "../../deps.ts";
import { banned, isBannedNow } from "./find-ban.ts";
import type { TokenIssuer } from "./token-issuer.ts";

/** Believes an access token; one whose login has ended counts no more, valid or not. */
export async function authenticatePlayer(
  deps: { database: ControlDatabase; tokens: TokenIssuer; clock: Clock },
  token: string,
): Promise<Actor> {
  const { playerId, sessionId } = await deps.tokens.verifyAccess(token);
  const [found] = await deps.database.orm
    .select({
      role: players.role,
      displayName: players.displayName,
      secondFactor: sessions.secondFactor,
      totpAtMs: totpSecrets.confirmedAtMs,
      ban: bans,
    })
    .from(sessions)
    .innerJoin(players, eq(players.id, sessions.playerId))
    .leftJoin(totpSecrets, eq(totpSecrets.playerId, players.id))
    .leftJoin(bans, and(eq(bans.playerId, players.id), isBannedNow(deps.clock.wallMs())))
    .where(
      and(eq(sessions.id, sessionId), eq(sessions.playerId, playerId), isNull(sessions.endedAtMs)),
    );
  if (found === undefined) {
    throw new AppError(
      "UNAUTHORIZED",
      "cannot accept the access token: its login has ended; log in again",
    );
  }
  // A login that began in the same moment as the ban was not ended by it.
  if (found.ban !== null) throw banned(found.ban);
  const { role, displayName, secondFactor } = found;
  const hasSecondFactor = found.totpAtMs !== null;
  return { playerId, sessionId, role, displayName, secondFactor, hasSecondFactor };
}
