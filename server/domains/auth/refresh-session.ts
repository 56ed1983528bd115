import { eq } from "drizzle-orm";
import { isConstraintError } from "#shared/infra/db/database.ts";
import { players, refreshTokens, sessions } from "#shared/infra/db/schema/control.ts";
import type { Credentials, RefreshInput } from "#shared/model/auth.ts";
import { AppError } from "#shared/model/errors.ts";
import type { ServerDeps } from "../../deps.ts";
import { issueCredentials } from "./create-session.ts";
import { endSession } from "./end-session.ts";
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
  const { token, hash } = createRefreshToken();
  try {
    await orm.insert(refreshTokens).values({
      hash,
      parentHash,
      sessionId: found.session.id,
      expiresAtMs: nowMs + REFRESH_TOKEN_MS,
    });
  } catch (error) {
    if (!isConstraintError(error, "parent_hash")) throw error;
    await endSession(deps, found.session, "token reused");
    deps.log.warning("refresh token used twice, session ended", {
      player: found.player.id,
      session: found.session.id,
    });
    throw refuse(deps, "reused");
  }
  deps.metrics.logins.inc({ kind: "refresh", result: "ok" });
  return issueCredentials(deps, found.player, { id: found.session.id, refreshToken: token });
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
