import { and, eq, inArray, isNotNull, notInArray, or, type SQL, sql } from "drizzle-orm";
import { chatBlocks, chatMessages, players } from "#shared/infra/db/schema/control.ts";
import { ChatChannel, type ChatMessage, isGroupChannel } from "#shared/model/chat.ts";
import { AppError } from "#shared/model/errors.ts";
import { GroupId, type PlayerId } from "#shared/model/ids.ts";
import type { ControlDatabase } from "../../deps.ts";
import { groupRoomsOf, isInGroup } from "../groups/index.ts";

/** A channel and with whom, where the channel leaves that open. */
export interface ChatPlace {
  readonly channel: ChatChannel;
  /** In private the other one. */
  readonly playerId?: PlayerId | undefined;
  readonly groupId?: GroupId | undefined;
}

/** Where a message of a player is kept. */
export function roomOf({ channel, playerId: other, groupId }: ChatPlace, self: PlayerId): string {
  if (other !== undefined) return `private:${[self, other].sort().join(":")}`;
  return groupId === undefined ? channel : `${channel}:${groupId}`;
}

/** What a player may read now. */
export function isReadableBy(playerId: PlayerId): SQL | undefined {
  const { room, senderId, recipientId } = chatMessages;
  const isOwn = and(isNotNull(recipientId), or(eq(senderId, playerId), eq(recipientId, playerId)));
  const isOfGroup = sql`${room} IN ${groupRoomsOf(playerId)}`;
  return or(inArray(room, ["global", "system"]), isOwn, isOfGroup);
}

/** Throws NOT_FOUND for who is not in the group of that channel. */
export async function assertInGroup(
  { orm }: ControlDatabase,
  { groupId, channel }: { readonly groupId: GroupId; readonly channel?: ChatChannel | undefined },
  playerId: PlayerId,
): Promise<void> {
  const kind = isGroupChannel(channel) ? channel : undefined;
  const [found] = await orm.all<{ member: number }>(
    sql`SELECT ${isInGroup({ groupId, kind }, playerId)} AS member`,
  );
  if (found?.member === 1) return;
  const what = kind ?? "group";
  const message = `cannot read the ${what}'s messages: there is none of that id that you are in`;
  throw new AppError("NOT_FOUND", message);
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

export interface MessageRow {
  readonly message: typeof chatMessages.$inferSelect;
  readonly senderName: string;
}

/** A row as the API shows it. */
export function toChatMessage({ message, senderName }: MessageRow): ChatMessage {
  const { number, room, senderId, recipientId, text, sentAtMs } = message;
  const [kind, id] = room.split(":");
  const channel = ChatChannel.parse(kind);
  const groupId = isGroupChannel(channel) ? GroupId.parse(id) : null;
  const sentAt = new Date(sentAtMs).toISOString();
  const whom = { senderId, senderName, recipientId, groupId };
  return { cursor: String(number), channel, ...whom, text, sentAt };
}
