import { GoodbyeReason } from "#proto/frame_pb.ts";
import { CLOSE } from "#shared/net/protocol.ts";
import { visitorId } from "../../loop/visitors.ts";
import type { Connection } from "../connection.ts";
import type { Gateway } from "../gateway.ts";
import type { SendResult, Socket } from "../socket.ts";
import { readLegacyMessage } from "./legacy-reader.ts";
import type { LegacyForm } from "./legacy-scene.ts";
import { type LegacyScratch, LegacyTranslator } from "./legacy-translator.ts";

/** A socket that can send several messages in one write. */
export interface BatchSocket extends Socket {
  /** What `action` sends goes out together. */
  batch(action: () => void): void;
}

export interface LegacyClientOptions {
  gateway: Gateway;
  socket: BatchSocket;
  form: LegacyForm;
  /** Makes this visitor like no other. */
  uuid: string;
  /** Of the gateway's thread. */
  scratch: LegacyScratch;
}

/**
 * A client of the ancestor. The gateway takes it for the socket of one of its own; what it sends
 * there comes out in the ancestor's words, and what the client says goes in as our frames.
 */
export class LegacyClient implements Socket {
  readonly connection: Connection;
  readonly #gateway: Gateway;
  readonly #socket: BatchSocket;
  readonly #translator: LegacyTranslator;

  constructor({ gateway, socket, form, uuid, scratch }: LegacyClientOptions) {
    this.#gateway = gateway;
    this.#socket = socket;
    this.#translator = new LegacyTranslator(form, scratch);
    this.connection = gateway.open(this);
    gateway.enter(this.connection, { playerId: visitorId(uuid), name: nameOf(uuid) });
  }

  /** A binary message of the client, or text, which is refused. */
  message(data: Uint8Array | string): void {
    if (!this.#gateway.admits(this.connection, data)) return;
    const message = readLegacyMessage(data);
    if (message.kind === "fault") {
      const reason = GoodbyeReason.MALFORMED;
      const closing = { reason, message: message.text, code: CLOSE.undecodable };
      this.#gateway.refuse(this.connection, closing);
      return;
    }
    const frame = this.#translator.fromClient(message);
    if (frame !== undefined) this.#gateway.receive(this.connection, frame);
  }

  send(bytes: Uint8Array): SendResult {
    const waiting = this.#translator.fromShard(bytes);
    const result = this.#sendOut();
    for (const frame of waiting) this.#gateway.receive(this.connection, frame);
    return result;
  }

  acknowledge(ack: Uint8Array): SendResult {
    this.#translator.acknowledge(ack);
    return this.#sendOut();
  }

  ping(payload: Uint8Array<ArrayBuffer>): void {
    this.#socket.ping(payload);
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  bufferedBytes(): number {
    return this.#socket.bufferedBytes();
  }

  /** The worst that became of any message: after one is lost the next frame must start anew. */
  #sendOut(): SendResult {
    const { out } = this.#translator;
    if (out.count === 0) return this.#socket.bufferedBytes() > 0 ? "queued" : "sent";
    if (out.count === 1) return this.#socket.send(out.message(0));
    let result: SendResult = "sent";
    this.#socket.batch(() => {
      for (let index = 0; index < out.count && result !== "dropped"; index++) {
        const one = this.#socket.send(out.message(index));
        if (one !== "sent") result = one;
      }
    });
    return result;
  }
}

/** Such as `Guest 0042`; several may have the same. */
function nameOf(uuid: string): string {
  const digits = Number.parseInt(uuid.slice(0, 8), 16) % 10_000;
  return `Guest ${String(digits).padStart(4, "0")}`;
}
