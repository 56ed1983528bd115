import { and, desc, eq, lt } from "drizzle-orm";
import { chatMessages } from "#shared/infra/db/schema/control.ts";
import type { ChatHistoryInput, ChatPage } from "#shared/model/chat.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { assertInGroup, isSeenBy, roomOf, selectMessages, toChatMessage } from "./message-row.ts";

/** A page of a channel, the newest first; new messages neither shift nor repeat any. */
export async function listMessages(
  { database }: Pick<ServerDeps, "database">,
  { playerId: self }: Pick<Actor, "playerId">,
  { limit, cursor, ...place }: ChatHistoryInput,
): Promise<ChatPage> {
  const { channel, groupId } = place;
  if (groupId !== undefined) await assertInGroup(database, { groupId, channel }, self);
  const rows = await selectMessages(database)
    .where(
      and(
        eq(chatMessages.room, roomOf(place, self)),
        cursor === undefined ? undefined : lt(chatMessages.number, Number(cursor)),
        isSeenBy(database, self),
      ),
    )
    .orderBy(desc(chatMessages.number))
    .limit(limit + 1);
  const messages = rows.slice(0, limit).map(toChatMessage);
  const last = rows.length > limit ? messages.at(-1) : undefined;
  return { messages, nextCursor: last?.cursor ?? null };
}
