import { and, eq } from "drizzle-orm";
import { sessions } from "#shared/infra/db/schema/control.ts";
import type { EndSessionInput, LoggedOut } from "#shared/model/auth.ts";
import { AppError } from "#shared/model/errors.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { endSessions } from "./end-sessions.ts";

/** Ends one login of the caller, such as that of a lost telephone. */
export async function deleteSession(
  deps: ServerDeps,
  actor: Actor,
  { sessionId }: EndSessionInput,
): Promise<LoggedOut> {
  const own = and(eq(sessions.id, sessionId), eq(sessions.playerId, actor.playerId));
  if ((await endSessions(deps, own, "ended from another login")) === 0) {
    throw new AppError(
      "NOT_FOUND",
      `cannot end session ${sessionId}: there is none of yours; auth.listSessions shows them`,
    );
  }
  return { loggedOut: true };
}
