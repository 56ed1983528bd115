import { type SQL, sql } from "drizzle-orm";
import { chatBlocks, chatMessages, chatMutes, players } from "#shared/infra/db/schema/control.ts";
import type { SendChatInput, SentMessage } from "#shared/model/chat.ts";
import { AppError } from "#shared/model/errors.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { forgetOldMessages } from "./forget-old-messages.ts";
import { roomOf } from "./message-row.ts";
import { MutedError } from "./muted-error.ts";
import { tellMessage } from "./tell-message.ts";

interface Verdict {
  readonly fault: "sender" | "muted" | "player" | "blocking" | "blocked" | null;
  readonly senderName: string | null;
  readonly reason: string | null;
  readonly endsAtMs: number | null;
}

/** Says something, unless the player is muted or one of the two blocks the other. */
export async function sendMessage(
  deps: Pick<ServerDeps, "database" | "clock" | "bus">,
  { playerId: senderId }: Pick<Actor, "playerId">,
  { channel, playerId: other, text }: SendChatInput,
): Promise<SentMessage> {
  if (other === senderId) {
    throw new AppError("INVALID_INPUT", "cannot send the message: playerId must be another player");
  }
  const { orm } = deps.database;
  const nowMs = Math.trunc(deps.clock.wallMs());
  const room = roomOf(channel, { self: senderId, other });
  const recipientId = other ?? null;
  const fault = judge({ senderId, recipientId, nowMs });
  const [[verdict], [sent]] = await orm.batch([
    orm.all<Verdict>(sql`SELECT ${fault} AS fault,
      (SELECT display_name FROM ${players} WHERE id = ${senderId}) AS senderName,
      (SELECT reason FROM ${chatMutes} WHERE player_id = ${senderId}) AS reason,
      (SELECT ends_at_ms FROM ${chatMutes} WHERE player_id = ${senderId}) AS endsAtMs`),
    orm.all<{ number: number }>(sql`
      INSERT INTO ${chatMessages} (room, sender_id, recipient_id, text, sent_at_ms)
      SELECT ${room}, ${senderId}, ${recipientId}, ${text}, ${nowMs} WHERE (${fault}) IS NULL
      RETURNING number`),
    forgetOldMessages(orm, nowMs),
  ]);
  if (sent === undefined) throw refusalOf(verdict);
  tellMessage(deps, {
    ...{ number: sent.number, channel, target: other ?? "", text, sentAtMs: nowMs },
    ...{ senderId, senderName: verdict?.senderName ?? "" },
    recipientIds: other === undefined ? undefined : [senderId, other],
  });
  return { cursor: String(sent.number), sentAt: new Date(nowMs).toISOString() };
}

/** What is in the way, or null. */
function judge(plan: {
  readonly senderId: string;
  readonly recipientId: string | null;
  readonly nowMs: number;
}): SQL {
  const { senderId, recipientId, nowMs } = plan;
  return sql`CASE
    WHEN NOT EXISTS (SELECT 1 FROM ${players} WHERE id = ${senderId}) THEN 'sender'
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

function refusalOf(verdict: Verdict | undefined): AppError {
  const cannot = "cannot send the message";
  const { fault = null, reason, endsAtMs = null } = verdict ?? {};
  if (fault === "sender") return new AppError("NOT_FOUND", `${cannot}: its sender is gone`);
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
