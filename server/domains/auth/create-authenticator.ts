import { and, eq, isNull, sql } from "drizzle-orm";
import { bans, players, sessions, totpSecrets } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { ControlDatabase, ServerDeps } from "../../deps.ts";
import { banned, isBannedNow } from "./find-ban.ts";
import type { TokenIssuer } from "./token-issuer.ts";

/**
 * Believes access tokens; one whose login has ended counts no more, valid or not. Each call asks
 * the database, so that an end or a ban holds from its commit on.
 */
export function createAuthenticator({
  database,
  tokens,
  clock,
}: {
  readonly database: ControlDatabase;
  readonly tokens: TokenIssuer;
  readonly clock: Clock;
}): ServerDeps["authenticate"] {
  const query = prepareQuery(database);
  return async (token) => {
    const { playerId, sessionId } = await tokens.verifyAccess(token);
    const [found] = await query.all({ playerId, sessionId, nowMs: clock.wallMs() });
    if (found === undefined) {
      throw new AppError(
        "UNAUTHORIZED",
        "cannot accept the access token: its login has ended; log in again",
      );
    }
    // A login that began in the same moment as the ban was not ended by it.
    if (found.banReason !== null) {
      throw banned({ reason: found.banReason, endsAtMs: found.banEndsAtMs });
    }
    const { role, displayName, secondFactor } = found;
    const hasSecondFactor = found.totpAtMs !== null;
    return { playerId, sessionId, role, displayName, secondFactor, hasSecondFactor };
  };
}

/** Made once: putting the text together takes longer than the database takes to answer. */
function prepareQuery({ orm }: ControlDatabase) {
  return orm
    .select({
      role: players.role,
      displayName: players.displayName,
      secondFactor: sessions.secondFactor,
      totpAtMs: totpSecrets.confirmedAtMs,
      banReason: bans.reason,
      banEndsAtMs: bans.endsAtMs,
    })
    .from(sessions)
    .innerJoin(players, eq(players.id, sessions.playerId))
    .leftJoin(totpSecrets, eq(totpSecrets.playerId, players.id))
    .leftJoin(bans, and(eq(bans.playerId, players.id), isBannedNow(sql.placeholder("nowMs"))))
    .where(
      and(
        eq(sessions.id, sql.placeholder("sessionId")),
        eq(sessions.playerId, sql.placeholder("playerId")),
        isNull(sessions.endedAtMs),
      ),
    )
    .prepare();
}
