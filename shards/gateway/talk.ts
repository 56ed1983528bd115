import { ChatRefusal, type ChatSend } from "#proto/frame_pb.ts";
import { faultOfText, tidyText } from "#shared/model/chat-text.ts";
import { TalkAllowance, tooFast } from "#shared/net/talk-allowance.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { ConnectionId } from "../loop/connection-id.ts";
import type { GatewayMessage, SpokenMessage } from "../loop/messages.ts";
import type { Connection } from "./connection.ts";
import type { GatewayMetrics } from "./gateway-metrics.ts";

/** UTF-16 units of a channel's name and of its target, as the server takes them. */
const CHANNEL_LENGTH_MAX = 32;
const TARGET_LENGTH_MAX = 64;
/** A client whose socket holds more than this hears nothing more until it reads on. */
const BUFFERED_BYTES_MAX = 64 * 1_024;

export interface TalkOptions {
  readonly clock: Clock;
  readonly inbox: (message: GatewayMessage) => void;
  readonly metrics: GatewayMetrics;
  readonly connections: ReadonlyMap<ConnectionId, Connection>;
  /** A client has lost its base. */
  readonly skip: (connection: Connection) => void;
  readonly reply: (connection: Connection, result: SpokenMessage) => void;
}

/** What clients say to each other, at the sockets: looked at on the way in, handed out. */
export class Talk {
  readonly #options: TalkOptions;
  /** Gone with its connection. */
  readonly #allowances = new WeakMap<Connection, TalkAllowance>();

  constructor(options: TalkOptions) {
    this.#options = options;
  }

  /** Passes a line on that may be said, and tells the client of any other what is the matter. */
  take(connection: Connection, said: ChatSend): void {
    const text = tidyText(said.text);
    const refusal = this.#refusalOf(connection, said, text);
    const { number, channel, target } = said;
    if (refusal === undefined) {
      this.#options.inbox({
        kind: "say",
        connection: connection.id,
        number,
        channel,
        target,
        text,
      });
      return;
    }
    this.#options.metrics.refusedLine();
    this.#options.reply(connection, {
      ...{ kind: "spoken", connection: connection.id, number, cursor: "", untilMs: 0 },
      ...{ retryAfterMs: 0, ...refusal },
    });
  }

  /** Hands a frame to those of these connections that play and read; the others miss it. */
  deliver(payload: Uint8Array, nowMs: number): void {
    const { connections, frame } = readDelivery(payload);
    let lost = 0;
    for (const id of connections) if (!this.#send(id, frame, nowMs)) lost += 1;
    if (lost > 0) this.#options.metrics.lostLines(lost);
  }

  #send(id: ConnectionId, frame: Uint8Array<ArrayBuffer>, nowMs: number): boolean {
    const { connections, skip } = this.#options;
    const connection = connections.get(id);
    // Who is gone misses nothing.
    if (connection === undefined) return true;
    const { phase, liveness, socket } = connection;
    if (phase !== "playing" || liveness.isFull) return false;
    if (connection.isQueued && socket.bufferedBytes() > BUFFERED_BYTES_MAX) return false;
    const result = socket.send(frame);
    if (result === "dropped") skip(connection);
    else connection.isQueued ||= result === "queued";
    // The next tick frame brings the ping that may be due.
    liveness.sent(frame.length, nowMs);
    return result !== "dropped";
  }

  #refusalOf(
    connection: Connection,
    { channel, target }: ChatSend,
    text: string,
  ): (Pick<SpokenMessage, "reason" | "message"> & { retryAfterMs?: number }) | undefined {
    if (channel.length > CHANNEL_LENGTH_MAX || target.length > TARGET_LENGTH_MAX) {
      const message = "cannot send the message: there is no such channel";
      return { reason: ChatRefusal.CHANNEL, message };
    }
    const fault = faultOfText(text);
    if (fault !== undefined) {
      const reason = fault.kind === "tooLong" ? ChatRefusal.TOO_LONG : ChatRefusal.TEXT;
      return { reason, message: `cannot send the message: the text ${fault.message}` };
    }
    const retryAfterMs = this.#allowanceOf(connection).take(this.#options.clock.monotonicMs());
    if (retryAfterMs === 0) return undefined;
    return { reason: ChatRefusal.TOO_FAST, ...tooFast(retryAfterMs) };
  }

  #allowanceOf(connection: Connection): TalkAllowance {
    const known = this.#allowances.get(connection);
    if (known !== undefined) return known;
    const allowance = new TalkAllowance();
    this.#allowances.set(connection, allowance);
    return allowance;
  }
}

/** A frame and who is to get it, as bytes between the loop and a gateway. */
export function writeDelivery(
  connections: readonly ConnectionId[],
  frame: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const head = Uint32Array.of(connections.length, ...connections);
  const payload = new Uint8Array(head.byteLength + frame.length);
  payload.set(new Uint8Array(head.buffer), 0);
  payload.set(frame, head.byteLength);
  return payload;
}

function readDelivery(payload: Uint8Array): {
  connections: Uint32Array;
  frame: Uint8Array<ArrayBuffer>;
} {
  // A copy: the bytes' place in the ring need not be one of words, and is void after the call.
  const bytes = payload.slice();
  const count = new Uint32Array(bytes.buffer, 0, 1)[0] ?? 0;
  const start = (count + 1) * Uint32Array.BYTES_PER_ELEMENT;
  return { connections: new Uint32Array(bytes.buffer, 4, count), frame: bytes.subarray(start) };
}
