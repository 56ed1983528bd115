import { type TrackedEnvelope, tracked } from "@trpc/server";
import { and, asc, eq, gt, isNull, max, min } from "drizzle-orm";
import { chatMessages, sessions } from "#shared/infra/db/schema/control.ts";
import type { ChatMessage, FollowChatInput } from "#shared/model/chat.ts";
import { AppError } from "#shared/model/errors.ts";
import type { PlayerId } from "#shared/model/ids.ts";
import type { Actor } from "../../context.ts";
import type { ControlDatabase, ServerDeps } from "../../deps.ts";
import { LatestChange } from "../../latest-change.ts";
import {
  assertInGroup,
  isReadableBy,
  isSeenBy,
  type MessageRow,
  selectMessages,
  toChatMessage,
} from "./message-row.ts";

/** Read at once; a slow reader holds up nobody but itself, and no more than this waits for it. */
const READ_LENGTH_MAX = 100;
/** Open streams of any kind; one more is refused with BUSY. */
const FOLLOWERS_MAX = 2_000;

/**
 * Tells of messages as they are said. A client that comes back with the last one it saw misses none
 * that is kept, and is told when some are not. Each message is an event too, which wakes this up.
 */
export async function* followMessages(
  deps: ServerDeps,
  { actor, signal }: { actor: Actor; signal: AbortSignal | undefined },
  { channel, groupId, after, lastEventId }: FollowChatInput,
): AsyncGenerator<TrackedEnvelope<ChatMessage>, void> {
  const { database, feed } = deps;
  const { playerId } = actor;
  if (feed.listenerCount >= FOLLOWERS_MAX) {
    const message = "cannot follow the chat now: too many do; try again later";
    throw new AppError("BUSY", message, { retryAfterSeconds: 30 });
  }
  const ended = AbortSignal.any([deps.stopping, ...(signal === undefined ? [] : [signal])]);
  const growth = new LatestChange(ended);
  const stop = feed.onGrowth(() => growth.mark());
  try {
    let place = await findStart(database, lastEventId ?? after);
    while (!ended.aborted) {
      await assertLogin(database, actor);
      if (groupId !== undefined) await assertInGroup(database, { groupId, channel }, playerId);
      const rows = await selectMessages(database)
        .where(and(gt(chatMessages.number, place), isSeenBy(database, playerId)))
        .orderBy(asc(chatMessages.number))
        .limit(READ_LENGTH_MAX);
      for (const row of rows) {
        place = row.message.number;
        const message = toChatMessage(row);
        if (channel !== undefined && message.channel !== channel) continue;
        if (groupId !== undefined && message.groupId !== groupId) continue;
        if (message.groupId !== null && !(await isStillSeen(database, row, playerId))) continue;
        yield tracked(message.cursor, message);
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

/** A slow reader may have left the group since the message was read: it is told no more of it. */
async function isStillSeen(
  { orm }: ControlDatabase,
  { message: { number } }: MessageRow,
  playerId: PlayerId,
): Promise<boolean> {
  const [row] = await orm
    .select({ number: chatMessages.number })
    .from(chatMessages)
    .where(and(eq(chatMessages.number, number), isReadableBy(playerId)));
  return row !== undefined;
}

async function findStart({ orm }: ControlDatabase, after: string | undefined): Promise<number> {
  const [kept] = await orm
    .select({ newest: max(chatMessages.number), oldest: min(chatMessages.number) })
    .from(chatMessages);
  if (after === undefined) return kept?.newest ?? 0;
  if (Number(after) >= (kept?.oldest ?? 1) - 1) return Number(after);
  throw new AppError(
    "NOT_FOUND",
    `cannot follow the chat from ${after}: those up to ${(kept?.oldest ?? 1) - 1} are not kept ` +
      "any more; follow from now and read what there is with chat.history",
  );
}

async function assertLogin({ orm }: ControlDatabase, { sessionId }: Actor): Promise<void> {
  const [now] = await orm
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.id, sessionId), isNull(sessions.endedAtMs)));
  if (now !== undefined) return;
  throw new AppError("UNAUTHORIZED", "cannot go on following: the login has ended; log in again");
}
