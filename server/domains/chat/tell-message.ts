import { TOPIC_CHAT } from "#shared/infra/bus/bus.ts";
import type { ChatChannel } from "#shared/model/chat.ts";
import type { ServerDeps } from "../../deps.ts";

/** What is told of a message. */
export interface ToldMessage {
  readonly number: number;
  readonly channel: ChatChannel;
  /** With whom, where the channel leaves that open; else empty. */
  readonly target: string;
  readonly senderId: string;
  readonly senderName: string;
  readonly text: string;
  readonly sentAtMs: number;
  /** Undefined: all players. */
  readonly recipientIds: readonly string[] | undefined;
}

/** Tells shards, who tell those of their players whom it concerns; the history has it already. */
export function tellMessage({ bus }: Pick<ServerDeps, "bus">, message: ToldMessage): void {
  const { number, channel, target, senderId, senderName, text, sentAtMs, recipientIds } = message;
  // Nobody is not everybody.
  if (recipientIds?.length === 0) return;
  bus.publish(TOPIC_CHAT, {
    case: "chatSaid",
    value: {
      channel,
      target,
      senderId,
      senderName,
      text,
      sentAtMs: BigInt(sentAtMs),
      cursor: String(number),
      recipientIds: [...(recipientIds ?? [])],
      official: channel === "system",
    },
  });
}

/** Lets shards ask anew whether a player may speak, and whom it wants to hear. */
export function tellStanding({ bus }: Pick<ServerDeps, "bus">, playerId: string): void {
  bus.publish(TOPIC_CHAT, { case: "chatStandingChanged", value: { playerId } });
}
