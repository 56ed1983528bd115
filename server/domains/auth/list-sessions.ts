import { and, desc, eq, isNull } from "drizzle-orm";
import { sessions } from "#shared/infra/db/schema/control.ts";
import { SESSIONS_LISTED_MAX, type SessionList } from "#shared/model/auth.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";

/** Where the caller is logged in, the newest first. */
export async function listSessions(deps: ServerDeps, actor: Actor): Promise<SessionList> {
  const rows = await deps.database.orm
    .select()
    .from(sessions)
    .where(and(eq(sessions.playerId, actor.playerId), isNull(sessions.endedAtMs)))
    .orderBy(desc(sessions.seenAtMs), desc(sessions.id))
    .limit(SESSIONS_LISTED_MAX);
  return {
    sessions: rows.map(({ id, device, createdAtMs, seenAtMs }) => ({
      id,
      device,
      createdAt: new Date(createdAtMs).toISOString(),
      seenAt: new Date(seenAtMs).toISOString(),
      current: id === actor.sessionId,
    })),
  };
}
