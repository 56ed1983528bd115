import { type TrackedEnvelope, tracked } from "@trpc/server";
import { and, asc, eq, gt, isNull, max } from "drizzle-orm";
import { eventCursors, events, players, sessions } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { FollowEventsInput, LoggedEvent } from "#shared/model/events.ts";
import type { Actor } from "../../context.ts";
import type { ControlDatabase, ServerDeps } from "../../deps.ts";
import { LatestChange } from "../../latest-change.ts";
import { type EventReader, toReader, whereEvents } from "./event-filter.ts";
import { toLoggedEvent } from "./event-row.ts";

/** Read at once; a slow reader holds up nobody but itself, and no more than this waits for it. */
const READ_LENGTH_MAX = 100;
/** Open streams; one more is refused with BUSY. */
const FOLLOWERS_MAX = 2_000;

/**
 * Tells of events as they are written, each with its place in the log. A client that comes back
 * with the last place it saw misses none, however long it or the server was away, as long as they
 * are kept; if not, it is told so instead of being shown a gap.
 */
export async function* followEvents(
  deps: ServerDeps,
  { actor, signal }: { actor: Actor; signal: AbortSignal | undefined },
  input: FollowEventsInput,
): AsyncGenerator<TrackedEnvelope<LoggedEvent>, void> {
  const { database, feed } = deps;
  if (feed.listenerCount >= FOLLOWERS_MAX) {
    const message = "cannot follow events now: too many do; try again later";
    throw new AppError("BUSY", message, { retryAfterSeconds: 30 });
  }
  const ended = AbortSignal.any([deps.stopping, ...(signal === undefined ? [] : [signal])]);
  const growth = new LatestChange(ended);
  const stop = feed.onGrowth(() => growth.mark());
  try {
    let place = await findStart(database, input.lastEventId ?? input.after);
    while (!ended.aborted) {
      const reader = await readReader(deps, actor);
      const rows = await database.orm
        .select()
        .from(events)
        .where(and(gt(events.number, place), whereEvents(reader, input)))
        .orderBy(asc(events.number))
        .limit(READ_LENGTH_MAX);
      for (const row of rows) {
        place = row.number;
        yield tracked(String(row.number), toLoggedEvent(row));
        if (ended.aborted) break;
      }
      if (rows.length < READ_LENGTH_MAX) await growth.next();
    }
    if (deps.stopping.aborted) {
      throw new AppError("UNAVAILABLE", "cannot go on following: the server stops; connect again");
    }
  } finally {
    stop();
  }
}

async function findStart({ orm }: ControlDatabase, after: string | undefined): Promise<number> {
  if (after === undefined) {
    const [row] = await orm.select({ newest: max(events.number) }).from(events);
    return row?.newest ?? 0;
  }
  const [trimmed] = await orm
    .select({ number: eventCursors.number })
    .from(eventCursors)
    .where(eq(eventCursors.name, "trimmed"));
  if (Number(after) >= (trimmed?.number ?? 0)) return Number(after);
  throw new AppError(
    "NOT_FOUND",
    `cannot follow events from ${after}: those up to ${trimmed?.number} are not kept any more; ` +
      "follow from now and read what there is with events.query",
  );
}

/** The caller as it is now; a login that has ended ends its stream, another role changes it. */
async function readReader(deps: ServerDeps, actor: Actor): Promise<EventReader> {
  const [now] = await deps.database.orm
    .select({ role: players.role })
    .from(sessions)
    .innerJoin(players, eq(players.id, sessions.playerId))
    .where(and(eq(sessions.id, actor.sessionId), isNull(sessions.endedAtMs)));
  if (now !== undefined) return toReader({ deps, actor: { ...actor, role: now.role } });
  throw new AppError("UNAUTHORIZED", "cannot go on following: the login has ended; log in again");
}
