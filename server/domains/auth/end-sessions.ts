import { and, isNull, type SQL, sql } from "drizzle-orm";
import { TOPIC_SESSIONS } from "#shared/infra/bus/bus.ts";
import { sessionEnds, sessions } from "#shared/infra/db/schema/control.ts";
import type { SessionEnd } from "#shared/model/auth.ts";
import type { ControlDatabase, ServerDeps } from "../../deps.ts";

export interface SessionEndPlan {
  /** Which of the logins that still live. */
  readonly which: SQL | undefined;
  readonly reason: SessionEnd;
  readonly nowMs: number;
}

/**
 * The two statements that end logins, to go into a batch in this order with what they end for: the
 * ends are written down for shards that do not hear of them now.
 */
export function prepareEnds({ orm }: ControlDatabase, { which, reason, nowMs }: SessionEndPlan) {
  const living = and(isNull(sessions.endedAtMs), which);
  const atMs = Math.trunc(nowMs);
  return [
    orm.insert(sessionEnds).select(
      orm
        .select({
          number: sql<number>`NULL`.as("number"),
          sessionId: sessions.id,
          playerId: sessions.playerId,
          reason: sql<SessionEnd>`${reason}`.as("reason"),
          endedAtMs: sql<number>`${atMs}`.as("ended_at_ms"),
        })
        .from(sessions)
        .where(living),
    ),
    orm
      .update(sessions)
      .set({ endedAtMs: atMs, endReason: reason })
      .where(living)
      .returning({ id: sessions.id, playerId: sessions.playerId }),
  ] as const;
}

type Ended = Pick<typeof sessions.$inferSelect, "id" | "playerId">;

/** Tells the shards at once; whoever does not hear it asks for it. */
export function tellEnds(
  { bus }: Pick<ServerDeps, "bus">,
  ended: readonly Ended[],
  reason: SessionEnd,
): void {
  for (const { id, playerId } of ended) {
    bus.publish(TOPIC_SESSIONS, {
      case: "sessionsRevoked",
      value: { playerId, reason: `The login has ended: ${reason}.`, loginId: id },
    });
  }
}

/** Ends logins with all their tokens and game sessions; harmless for those that have ended. */
export async function endSessions(
  deps: Pick<ServerDeps, "database" | "clock" | "bus">,
  which: SQL | undefined,
  reason: SessionEnd,
): Promise<number> {
  const plan = { which, reason, nowMs: deps.clock.wallMs() };
  const [, ended] = await deps.database.orm.batch(prepareEnds(deps.database, plan));
  tellEnds(deps, ended, reason);
  return ended.length;
}
