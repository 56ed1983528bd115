import { and, eq, inArray, isNotNull, notInArray, or, type SQL } from "drizzle-orm";
import { chatBlocks, chatMessages, players } from "#shared/infra/db/schema/control.ts";
import type { ChatChannel, ChatMessage } from "#shared/model/chat.ts";
import type { PlayerId } from "#shared/model/ids.ts";
import type { ControlDatabase } from "../../deps.ts";

/** Where a message of a player is kept. */
export function roomOf(
  channel: ChatChannel,
  { self, other }: { readonly self: PlayerId; readonly other?: PlayerId | undefined },
): string {
  if (channel !== "private" || other === undefined) return channel;
  return `private:${[self, other].sort().join(":")}`;
}

/** What a player may read. */
export function isReadableBy(playerId: PlayerId): SQL | undefined {
  const { room, senderId, recipientId } = chatMessages;
  const isOwn = and(isNotNull(recipientId), or(eq(senderId, playerId), eq(recipientId, playerId)));
  return or(inArray(room, ["global", "system"]), isOwn);
}

/** What a player may read and wants to: staff is heard by those who block it, too. */
export function isSeenBy({ orm }: ControlDatabase, playerId: PlayerId): SQL | undefined {
  const { room, senderId } = chatMessages;
  const blocked = orm
    .select({ id: chatBlocks.blockedId })
    .from(chatBlocks)
    .where(eq(chatBlocks.playerId, playerId));
  return and(isReadableBy(playerId), or(eq(room, "system"), notInArray(senderId, blocked)));
}

/** Messages with their senders' names, to be narrowed down. */
export function selectMessages({ orm }: ControlDatabase) {
  return orm
    .select({ message: chatMessages, senderName: players.displayName })
    .from(chatMessages)
    .innerJoin(players, eq(players.id, chatMessages.senderId));
}

/** A row as the API shows it. */
export function toChatMessage({
  message,
  senderName,
}: {
  readonly message: typeof chatMessages.$inferSelect;
  readonly senderName: string;
}): ChatMessage {
  const { number, room, senderId, recipientId, text, sentAtMs } = message;
  const channel = recipientId !== null ? "private" : room === "system" ? "system" : "global";
  const sentAt = new Date(sentAtMs).toISOString();
  return { cursor: String(number), channel, senderId, senderName, recipientId, text, sentAt };
}
