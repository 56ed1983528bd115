import { and, asc, gt, inArray, isNotNull, max, min } from "drizzle-orm";
import { sessionEnds, sessions } from "#shared/infra/db/schema/control.ts";
import { ENDED_TOLD_MAX, type EndedSessions, type EndedSessionsInput } from "#shared/model/auth.ts";
import { SessionId } from "#shared/model/ids.ts";
import type { ServerDeps } from "../../deps.ts";
import { REFRESH_TOKEN_MS } from "./refresh-token.ts";

/**
 * Which logins have ended since a cursor, and which of those named ever did. One that nobody knows
 * has ended when it is so old that its tokens are gone; a younger one was made after the backup
 * from which this database was restored, and whoever plays by it goes on.
 */
export async function listEndedSessions(
  { database: { orm }, clock }: Pick<ServerDeps, "database" | "clock">,
  input: EndedSessionsInput,
): Promise<EndedSessions> {
  const { since } = input;
  const asked = new Map(
    input.sessions.flatMap(({ sessionId, playerId }) => {
      const id = SessionId.safeParse(sessionId);
      return id.success ? [[id.data, playerId] as const] : [];
    }),
  );
  const ids = [...asked.keys()];
  const [[bounds], later, known, ended, deleted] = await orm.batch([
    orm
      .select({ oldest: min(sessionEnds.number), newest: max(sessionEnds.number) })
      .from(sessionEnds),
    orm
      .select()
      .from(sessionEnds)
      .where(gt(sessionEnds.number, since ?? Number.MAX_SAFE_INTEGER))
      .orderBy(asc(sessionEnds.number))
      .limit(ENDED_TOLD_MAX),
    orm.select({ id: sessions.id }).from(sessions).where(inArray(sessions.id, ids)),
    orm
      .select({ id: sessions.id, reason: sessions.endReason })
      .from(sessions)
      .where(and(inArray(sessions.id, ids), isNotNull(sessions.endedAtMs))),
    orm.select().from(sessionEnds).where(inArray(sessionEnds.sessionId, ids)),
  ]);
  const { oldest, newest } = { oldest: bounds?.oldest ?? 1, newest: bounds?.newest ?? 0 };
  const missed = since !== null && (since > newest || since < oldest - 1);
  const reasons = new Map<SessionId, string>(ended.map(({ id, reason }) => [id, reason ?? ""]));
  for (const { sessionId, reason } of deleted) reasons.set(sessionId, reason);
  const isKnown = new Set(known.map(({ id }) => id));
  for (const id of ids) {
    const isOld = madeAtMs(id) < clock.wallMs() - REFRESH_TOKEN_MS;
    if (!isKnown.has(id) && isOld && !reasons.has(id)) reasons.set(id, "expired");
  }
  const told = missed ? [] : later;
  return {
    cursor: missed ? newest : (told.at(-1)?.number ?? since ?? newest),
    more: told.length === ENDED_TOLD_MAX,
    missed,
    ended: [
      ...told.map(({ sessionId, playerId, reason }) => tell(sessionId, playerId, reason)),
      ...[...reasons].map(([id, reason]) => tell(id, asked.get(id) ?? "", reason)),
    ],
  };
}

function tell(sessionId: SessionId, playerId: string, reason: string) {
  return { sessionId, playerId, reason: `The login has ended: ${reason}.` };
}

/** The time in a UUID of version 7 (RFC 9562, section 5.7). */
function madeAtMs(id: SessionId): number {
  return Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
}
