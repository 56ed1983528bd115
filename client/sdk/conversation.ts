import { type Chat, ChatRefusal, type ChatResult } from "#proto/frame_pb.ts";
import { faultOfText, tidyText } from "#shared/model/chat-text.ts";
import { FRAME_BYTES_MAX } from "#shared/net/protocol.ts";
import type { CancelTimer, Clock } from "#shared/time/clock.ts";
import type { ChatAnswer, ChatFailure, ChatLine, ChatPlace, SessionChat } from "./chat-types.ts";
import { Emitter } from "./emitter.ts";
import { encodeChat } from "./encoder.ts";

/** Lines without an answer; a further one is turned away. */
const UNANSWERED_MAX = 16;
/** A shard answers within four seconds, also when its server is away. */
const ANSWER_MS_MAX = 10_000;

interface Unanswered {
  readonly resolve: (answer: ChatAnswer) => void;
  readonly cancel: CancelTimer;
}

export interface ConversationOptions {
  readonly clock: Clock;
  /** False when there is no connection to send it over. */
  readonly send: (frame: Uint8Array) => boolean;
}

/** A session's chat; see `SessionChat` for what it promises. */
export class Conversation implements SessionChat {
  readonly #options: ConversationOptions;
  readonly #unanswered = new Map<number, Unanswered>();
  readonly #lines = new Emitter<{ line: ChatLine }>();
  #lastNumber = 0;

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  send(text: string, { channel = "local", target = "" }: ChatPlace = {}): Promise<ChatAnswer> {
    const tidy = tidyText(text);
    const fault = faultOfText(tidy);
    if (fault !== undefined) {
      const reason = fault.kind === "tooLong" ? "TOO_LONG" : "TEXT";
      return refuse(reason, `the text ${fault.message}`);
    }
    if (this.#unanswered.size >= UNANSWERED_MAX) {
      return refuse("CROWDED", `${UNANSWERED_MAX} lines wait for answers; await some first`);
    }
    this.#lastNumber = (this.#lastNumber + 1) >>> 0;
    const number = this.#lastNumber;
    const frame = encodeChat({ number, channel, target, text: tidy });
    // A longer one would end the connection.
    if (frame.length > FRAME_BYTES_MAX) return refuse("CHANNEL", "there is no such channel");
    if (!this.#options.send(frame)) return refuse("OFFLINE", "there is no connection to the shard");
    const { promise, resolve } = Promise.withResolvers<ChatAnswer>();
    const cancel = this.#options.clock.schedule(ANSWER_MS_MAX, () => this.#giveUp(number));
    this.#unanswered.set(number, { resolve, cancel });
    return promise;
  }

  onMessage(handler: (line: ChatLine) => void): () => void {
    return this.#lines.on("line", handler);
  }

  /** The shard's answer; one that nobody waits for is ignored. */
  answered({ number, reason, message, cursor, untilMs, retryAfterMs }: ChatResult): void {
    if (reason === ChatRefusal.UNSPECIFIED) {
      this.#resolve(number, { said: true, cursor: cursor === "" ? null : cursor });
      return;
    }
    const until = untilMs === 0n ? null : new Date(Number(untilMs));
    // A later shard may know more reasons.
    const name = (ChatRefusal[reason] as keyof typeof ChatRefusal | undefined) ?? "UNKNOWN";
    this.#resolve(number, { said: false, reason: name, message, until, retryAfterMs });
  }

  /** Lines that the shard tells. */
  heard({ lines }: Chat): void {
    for (const line of lines) {
      const { channel, senderId, senderName, text, entityId } = line;
      this.#lines.emit("line", {
        ...{ channel, senderId, senderName, text },
        sentAtMs: Number(line.sentAtMs),
        cursor: line.cursor === "" ? null : line.cursor,
        target: line.target === "" ? null : line.target,
        entityId: entityId === 0 ? null : entityId,
      });
    }
  }

  /** The connection is gone, and no answer comes over it any more. */
  cut(): void {
    for (const number of [...this.#unanswered.keys()]) this.#giveUp(number);
  }

  #giveUp(number: number): void {
    this.#resolve(number, {
      ...{ said: false, reason: "UNKNOWN", until: null, retryAfterMs: 0 },
      message: "cannot tell whether it was said: no answer came; look whether you can read it",
    });
  }

  #resolve(number: number, answer: ChatAnswer): void {
    const unanswered = this.#unanswered.get(number);
    this.#unanswered.delete(number);
    unanswered?.cancel();
    unanswered?.resolve(answer);
  }
}

function refuse(reason: ChatFailure, why: string): Promise<ChatAnswer> {
  const message = `cannot send the message: ${why}`;
  return Promise.resolve({ said: false, reason, message, until: null, retryAfterMs: 0 });
}
