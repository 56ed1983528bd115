import { ChatRefusal } from "#proto/frame_pb.ts";
import {
  type LineOutcome,
  RELAYED_LINES_MAX,
  type RelayedLine,
  type RelayedResult,
} from "#shared/model/chat-relay.ts";
import type { SayMessage } from "../loop/messages.ts";
import type { ChatServer } from "./chat-server.ts";

/** Lines that wait for the server; one more is refused. */
export const RELAY_LENGTH_MAX = 512;

const REASONS: Readonly<Record<LineOutcome, ChatRefusal>> = {
  said: ChatRefusal.UNSPECIFIED,
  text: ChatRefusal.TEXT,
  tooLong: ChatRefusal.TOO_LONG,
  channel: ChatRefusal.CHANNEL,
  tooFast: ChatRefusal.TOO_FAST,
  muted: ChatRefusal.MUTED,
  forbidden: ChatRefusal.FORBIDDEN,
  notFound: ChatRefusal.NOT_FOUND,
  busy: ChatRefusal.BUSY,
  unavailable: ChatRefusal.UNAVAILABLE,
};

/** What became of a line. */
export interface Outcome {
  readonly reason: ChatRefusal;
  readonly message?: string;
  readonly cursor?: string;
  readonly untilMs?: number;
  readonly retryAfterMs?: number;
}

interface Waiting {
  readonly playerId: string;
  readonly said: SayMessage;
}

const AWAY: Outcome = {
  reason: ChatRefusal.UNAVAILABLE,
  message:
    "cannot send the message: the server does not answer; try again in a moment, and local goes on",
  retryAfterMs: 2_000,
};

/**
 * Lines on their way to the server, which decides on them: one call at a time, with all that came
 * meanwhile. When it is not answered, all that wait are refused, so that nobody waits longer than
 * for two calls.
 */
export class RelayQueue {
  readonly #server: Pick<ChatServer, "relay"> | undefined;
  readonly #tell: (said: SayMessage, outcome: Outcome) => void;
  readonly #waiting: Waiting[] = [];
  #isAsking = false;

  constructor(
    server: Pick<ChatServer, "relay"> | undefined,
    tell: (said: SayMessage, outcome: Outcome) => void,
  ) {
    this.#server = server;
    this.#tell = tell;
  }

  get length(): number {
    return this.#waiting.length;
  }

  /** Takes a line; each is answered, at the bound at once. */
  push(playerId: string, said: SayMessage): void {
    if (this.#server === undefined) this.#tell(said, AWAY);
    else if (this.#waiting.length >= RELAY_LENGTH_MAX) this.#tell(said, CROWDED);
    else this.#waiting.push({ playerId, said });
  }

  /** Sends what waits; to be called often. */
  turn(): void {
    if (this.#server === undefined || this.#isAsking || this.#waiting.length === 0) return;
    void this.#relay(this.#server, this.#waiting.splice(0, RELAYED_LINES_MAX));
  }

  async #relay(server: Pick<ChatServer, "relay">, sent: readonly Waiting[]): Promise<void> {
    this.#isAsking = true;
    try {
      const results = await server.relay(sent.map(lineOf));
      for (const [index, { said }] of sent.entries()) {
        const result = results[index];
        this.#tell(said, result === undefined ? AWAY : outcomeOf(result));
      }
    } catch {
      for (const { said } of [...sent, ...this.#waiting.splice(0)]) this.#tell(said, AWAY);
    }
    this.#isAsking = false;
  }
}

/** Refuses a line when too many wait. */
export const CROWDED: Outcome = {
  reason: ChatRefusal.BUSY,
  message: "cannot send the message: too many talk at once; try again in a moment",
  retryAfterMs: 2_000,
};

function lineOf({ playerId, said }: Waiting): RelayedLine {
  const { channel, target, text } = said;
  return { playerId, channel, target, text };
}

function outcomeOf({ outcome, message, cursor, untilMs, retryAfterMs }: RelayedResult): Outcome {
  return { reason: REASONS[outcome], message, cursor, untilMs: untilMs ?? 0, retryAfterMs };
}
