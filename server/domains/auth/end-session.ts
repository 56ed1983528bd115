import { and, eq, isNull } from "drizzle-orm";
import { TOPIC_SESSIONS } from "#shared/infra/bus/bus.ts";
import { type SessionEnd, sessions } from "#shared/infra/db/schema/control.ts";
import type { PlayerId, SessionId } from "#shared/model/ids.ts";
import type { ServerDeps } from "../../deps.ts";

/** Ends a login with all its tokens, and the player's game session; harmless when it has ended. */
export async function endSession(
  deps: Pick<ServerDeps, "database" | "clock" | "bus">,
  session: { id: SessionId; playerId: PlayerId },
  endReason: SessionEnd,
): Promise<void> {
  const ended = await deps.database.orm
    .update(sessions)
    .set({ endedAtMs: deps.clock.wallMs(), endReason })
    .where(and(eq(sessions.id, session.id), isNull(sessions.endedAtMs)));
  if (ended.rowsAffected === 0) return;
  deps.bus.publish(TOPIC_SESSIONS, {
    case: "sessionsRevoked",
    value: { playerId: session.playerId, reason: `The login has ended: ${endReason}.` },
  });
}
