/** What a game sees of the chat: the shapes that the SDK promises. */
import type { ChatRefusal } from "#proto/frame_pb.ts";

/**
 * Where something is said: `local` to those who see the speaker, `global` to all, `private` to one
 * other player, `team` and `guild` to a group. Staff speaks in `system`. A later server may know
 * others.
 */
export type ChatChannel =
  | "local"
  | "global"
  | "private"
  | "team"
  | "guild"
  | "system"
  | (string & Record<never, never>);

/** Something that is said, also by the own player. */
export interface ChatLine {
  readonly channel: ChatChannel;
  readonly senderId: string;
  readonly senderName: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly sentAtMs: number;
  /** Its place in `client.api.chat.history`; null where none is kept, which is in `local`. */
  readonly cursor: string | null;
  /** In `private` to which player, in a group's channel to which group it was said; else null. */
  readonly target: string | null;
  /** The speaker's entity, in `local`; else null. */
  readonly entityId: number | null;
}

/** Where to say something; `local` unless given. */
export interface ChatPlace {
  readonly channel?: ChatChannel;
  /** The other player's id for `private`, the group's id for `team` and `guild`. */
  readonly target?: string;
}

/**
 * Why something was not said: as the shard or the server refused it, or
 * - `OFFLINE`: the session is not playing; it was not sent;
 * - `CROWDED`: too many wait for their answers; it was not sent;
 * - `UNKNOWN`: no answer came, and it may have been said.
 */
export type ChatFailure = keyof typeof ChatRefusal | "OFFLINE" | "CROWDED" | "UNKNOWN";

/** What became of something that was to be said. */
export type ChatAnswer =
  | { readonly said: true; readonly cursor: string | null }
  | {
      readonly said: false;
      readonly reason: ChatFailure;
      /** For the player: what is the matter and what to do. */
      readonly message: string;
      /** MUTED: until when; null: without an end, or it is something else. */
      readonly until: Date | null;
      /** 0 when waiting does not help. */
      readonly retryAfterMs: number;
    };

/** What players say to each other while they play. */
export interface SessionChat {
  /**
   * Says a line. Always resolves, within 10 s, with what became of it; it is never sent twice. What
   * was said comes back as a line, too.
   */
  send(text: string, place?: ChatPlace): Promise<ChatAnswer>;
  /** Calls `handler` with each line that is heard, until the returned function is called. */
  onMessage(handler: (line: ChatLine) => void): () => void;
}
