import { chatMessages } from "#shared/infra/db/schema/control.ts";
import type { AnnounceInput, SentMessage } from "#shared/model/chat.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { tellMessage } from "./tell-message.ts";

/** Says something to all players, whomever they block. */
export async function announceMessage(
  deps: ServerDeps,
  { playerId, displayName }: Actor,
  { text }: AnnounceInput,
): Promise<SentMessage> {
  const { orm } = deps.database;
  const sentAtMs = Math.trunc(deps.clock.wallMs());
  const message = { room: "system", senderId: playerId, recipientId: null, text, sentAtMs };
  const [[sent]] = await deps.audit.write(
    { event: "chat.announced", actorId: playerId, targetId: null, details: { text } },
    ({ insert }) =>
      orm.batch([
        orm.insert(chatMessages).values(message).returning({ number: chatMessages.number }),
        insert(),
      ]),
  );
  if (sent === undefined) throw new Error("cannot announce: the database gave no number");
  tellMessage(deps, {
    ...{ number: sent.number, channel: "system", target: "", text, sentAtMs },
    ...{ senderId: playerId, senderName: displayName, recipientIds: undefined },
  });
  return { cursor: String(sent.number), sentAt: new Date(sentAtMs).toISOString() };
}
