import { and, eq, isNull, sql } from "drizzle-orm";
import { bans, players, sessions, totpSecrets } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { Actor } from "../../context.ts";
import type { ControlDatabase, ServerDeps } from "../../deps.ts";
import { banned, isBannedNow } from "./find-ban.ts";
import { KnownActors } from "./known-actors.ts";
import { redeemStreamTicket } from "./redeem-stream-ticket.ts";
import type { AccessClaims, TokenIssuer } from "./token-issuer.ts";

/** Who calls, by what a request shows; both throw an AppError that says what to do. */
export type Authenticator = Pick<ServerDeps, "authenticate" | "authenticateTicket">;

/**
 * Believes access tokens; one whose login has ended counts no more, valid or not. An end, a ban or
 * another role holds from its commit on.
 */
export function createAuthenticator({
  database,
  tokens,
  clock,
}: {
  readonly database: ControlDatabase;
  readonly tokens: TokenIssuer;
  readonly clock: Clock;
}): Authenticator {
  const query = prepareQuery(database);
  const known = new KnownActors({ database, clock });
  async function findActor(claims: AccessClaims): Promise<Actor> {
    await known.forgetChanged();
    const remembered = known.find(claims);
    if (remembered !== undefined) return remembered;
    const { generation } = known;
    const [found] = await query.all({ ...claims, nowMs: clock.wallMs() });
    const actor = toActor(claims, found);
    known.add(actor, generation);
    return actor;
  }
  return {
    authenticate: async (token) => findActor(await tokens.verifyAccess(token)),
    authenticateTicket: async (ticket) =>
      findActor(await redeemStreamTicket({ database, clock }, ticket)),
  };
}

type Found = Awaited<ReturnType<ReturnType<typeof prepareQuery>["all"]>>[number];

/** Throws when the login has ended or the player is banned. */
function toActor({ playerId, sessionId }: AccessClaims, found: Found | undefined): Actor {
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
