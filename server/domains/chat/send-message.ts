import { type SQL, sql } from "drizzle-orm";
import { chatBlocks, chatMessages, chatMutes, players } from "#shared/infra/db/schema/control.ts";
import {
  type ChatChannel,
  isGroupChannel,
  type SendChatInput,
  type SentMessage,
} from "#shared/model/chat.ts";
import { AppError } from "#shared/model/errors.ts";
import type { PlayerId } from "#shared/model/ids.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { isInGroup, selectMemberIds } from "../groups/index.ts";
import { forgetOldMessages } from "./forget-old-messages.ts";
import { type ChatPlace, roomOf } from "./message-row.ts";
import { MutedError } from "./muted-error.ts";
import { tellMessage } from "./tell-message.ts";

interface Verdict {
  readonly fault: "sender" | "group" | "muted" | "player" | "blocking" | "blocked" | null;
  readonly senderName: string | null;
  readonly reason: string | null;
  readonly endsAtMs: number | null;
}

/** Says something, unless the player is muted, not in the group, or one of two blocks the other. */
export async function sendMessage(
  deps: Pick<ServerDeps, "database" | "clock" | "bus">,
  { playerId: senderId }: Pick<Actor, "playerId">,
  { text, ...place }: SendChatInput,
): Promise<SentMessage> {
  const { channel, playerId: other, groupId } = place;
  if (other === senderId) {
    throw new AppError("INVALID_INPUT", "cannot send the message: playerId must be another player");
  }
  const { orm } = deps.database;
  const nowMs = Math.trunc(deps.clock.wallMs());
  const fault = judge(place, { senderId, nowMs });
  const [[verdict], [sent], members] = await orm.batch([
    orm.all<Verdict>(sql`SELECT ${fault} AS fault,
      (SELECT display_name FROM ${players} WHERE id = ${senderId}) AS senderName,
      (SELECT reason FROM ${chatMutes} WHERE player_id = ${senderId}) AS reason,
      (SELECT ends_at_ms FROM ${chatMutes} WHERE player_id = ${senderId}) AS endsAtMs`),
    orm.all<{ number: number }>(sql`
      INSERT INTO ${chatMessages} (room, sender_id, recipient_id, text, sent_at_ms)
      SELECT ${roomOf(place, senderId)}, ${senderId}, ${other ?? null}, ${text}, ${nowMs}
      WHERE (${fault}) IS NULL RETURNING number`),
    orm.all<{ id: string }>(selectMemberIds(groupId ?? null)),
    forgetOldMessages(orm, nowMs),
  ]);
  if (sent === undefined) throw refusalOf(verdict, channel);
  const inGroup = groupId === undefined ? undefined : members.map(({ id }) => id);
  tellMessage(deps, {
    ...{ number: sent.number, channel, target: other ?? groupId ?? "", text, sentAtMs: nowMs },
    ...{ senderId, senderName: verdict?.senderName ?? "" },
    recipientIds: other === undefined ? inGroup : [senderId, other],
  });
  return { cursor: String(sent.number), sentAt: new Date(nowMs).toISOString() };
}

/** What is in the way, or null. */
function judge(
  { channel, playerId, groupId }: ChatPlace,
  { senderId, nowMs }: { readonly senderId: PlayerId; readonly nowMs: number },
): SQL {
  const recipientId = playerId ?? null;
  const isOutside =
    groupId === undefined || !isGroupChannel(channel)
      ? sql`0`
      : sql`NOT ${isInGroup({ groupId, kind: channel }, senderId)}`;
  return sql`CASE
    WHEN NOT EXISTS (SELECT 1 FROM ${players} WHERE id = ${senderId}) THEN 'sender'
    WHEN ${isOutside} THEN 'group'
    WHEN EXISTS (SELECT 1 FROM ${chatMutes} WHERE player_id = ${senderId}
      AND coalesce(ends_at_ms > ${nowMs}, 1)) THEN 'muted'
    WHEN ${recipientId} IS NULL THEN NULL
    WHEN NOT EXISTS (SELECT 1 FROM ${players} WHERE id = ${recipientId}) THEN 'player'
    WHEN EXISTS (SELECT 1 FROM ${chatBlocks}
      WHERE player_id = ${senderId} AND blocked_id = ${recipientId}) THEN 'blocking'
    WHEN EXISTS (SELECT 1 FROM ${chatBlocks}
      WHERE player_id = ${recipientId} AND blocked_id = ${senderId}) THEN 'blocked'
  END`;
}

function refusalOf(verdict: Verdict | undefined, channel: ChatChannel): AppError {
  const cannot = "cannot send the message";
  const { fault = null, reason, endsAtMs = null } = verdict ?? {};
  if (fault === "sender") return new AppError("NOT_FOUND", `${cannot}: its sender is gone`);
  if (fault === "group") {
    return new AppError("NOT_FOUND", `${cannot}: there is no such ${channel} that you are in`);
  }
  if (fault === "player") return new AppError("NOT_FOUND", `${cannot}: there is no such player`);
  if (fault === "blocking") {
    return new AppError("FORBIDDEN", `${cannot}: you block this player; unblock it first`);
  }
  if (fault === "blocked") {
    return new AppError("FORBIDDEN", `${cannot}: this player takes no messages from you`);
  }
  if (fault !== "muted") throw new Error("cannot send the message: nothing was in the way");
  return new MutedError({ reason: reason ?? "", endsAtMs });
}
