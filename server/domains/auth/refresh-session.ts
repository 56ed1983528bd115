import { eq } from "drizzle-orm";
import { isConstraintError } from "#shared/infra/db/database.ts";
import { players, refreshTokens, sessions } from "#shared/infra/db/schema/control.ts";
import type { Credentials, RefreshInput } from "#shared/model/auth.ts";
import { AppError } from "#shared/model/errors.ts";
import type { ServerDeps } from "../../deps.ts";
import { issueCredentials } from "./create-session.ts";
import { prepareEnds, tellEnds } from "./end-sessions.ts";
import { assertNotBanned } from "./find-ban.ts";
import { createRefreshToken, hashRefreshToken, REFRESH_TOKEN_MS } from "./refresh-token.ts";

/**
 * Exchanges a refresh token for the next pair. A token that was already exchanged is in two hands,
 * so its whole family ends. That a token has one successor is held by a unique index, whatever
 * runs at the same time.
 */
export async function refreshSession(deps: ServerDeps, input: RefreshInput): Promise<Credentials> {
  const { orm } = deps.database;
  const parentHash = hashRefreshToken(input.refreshToken);
  const [found] = await orm
    .select({ token: refreshTokens, session: sessions, player: players })
    .from(refreshTokens)
    .innerJoin(sessions, eq(sessions.id, refreshTokens.sessionId))
    .innerJoin(players, eq(players.id, sessions.playerId))
    .where(eq(refreshTokens.hash, parentHash));
  if (found === undefined || found.session.endedAtMs !== null) throw refuse(deps, "unknown");
  const nowMs = deps.clock.wallMs();
  if (found.token.expiresAtMs <= nowMs) throw refuse(deps, "expired");
  await assertNotBanned(deps, found.player.id);
  const { token, hash } = createRefreshToken();
  const sessionId = found.session.id;
  const expiresAtMs = nowMs + REFRESH_TOKEN_MS;
  try {
    await orm.batch([
      orm.insert(refreshTokens).values({ hash, parentHash, sessionId, expiresAtMs }),
      orm.update(sessions).set({ seenAtMs: nowMs }).where(eq(sessions.id, sessionId)),
    ]);
  } catch (error) {
    if (!isConstraintError(error, "parent_hash")) throw error;
    await endFamily(deps, found.session);
    throw refuse(deps, "reused");
  }
  deps.metrics.logins.inc({ kind: "refresh", result: "ok" });
  return issueCredentials(deps, found.player, { id: found.session.id, refreshToken: token });
}

/** The login that the token is of, with all its tokens; both who have it are out. */
async function endFamily(
  deps: ServerDeps,
  { id, playerId }: typeof sessions.$inferSelect,
): Promise<void> {
  const reason = "token reused";
  const plan = { which: eq(sessions.id, id), reason, nowMs: deps.clock.wallMs() } as const;
  const [inserts, update] = prepareEnds(deps.database, plan);
  const details = { session: id };
  const event = "session.token-reused";
  const [, ended] = await deps.audit.write(
    { event, actorId: null, targetId: playerId, details },
    (record) => deps.database.orm.batch([inserts, update, record.insert()]),
  );
  tellEnds(deps, ended, reason);
  deps.log.warning("refresh token used twice, session ended", { player: playerId, session: id });
}

function refuse(deps: ServerDeps, result: "unknown" | "expired" | "reused"): AppError {
  deps.metrics.logins.inc({ kind: "refresh", result });
  if (result === "reused") {
    return new AppError(
      "TOKEN_REUSED",
      "cannot refresh: the token was used before, so its login has been ended; log in again",
    );
  }
  const reason = result === "expired" ? "the token has expired" : "no login knows the token";
  return new AppError("TOKEN_EXPIRED", `cannot refresh: ${reason}; log in again`);
}
