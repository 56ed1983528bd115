import type { ConnectionId } from "../../loop/connection-id.ts";
import type { ByteRing } from "./byte-ring.ts";

const MESSAGE = 1;
const BYTES = 2;

/**
 * The writing end of one direction between the loop and a gateway. Messages about a connection
 * always arrive: what the ring has no room for waits here, a handful for each connection, and is
 * written first. Bytes, of which there are many, are refused at the bound.
 */
export class ChannelWriter<Message> {
  readonly #ring: ByteRing;
  readonly #encoder = new TextEncoder();
  readonly #waiting: { connection: ConnectionId; payload: Uint8Array }[] = [];

  constructor(ring: ByteRing) {
    this.#ring = ring;
  }

  /** Changes with each record that the other end takes. */
  get taken(): number {
    return this.#ring.taken;
  }

  /** Whether something waits for the other end. */
  get hasUntaken(): boolean {
    return this.#ring.hasUntaken;
  }

  /** Whether something found no room in the ring. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  send(connection: ConnectionId, message: Message): void {
    const payload = this.#encoder.encode(JSON.stringify(message));
    if (this.flush() && this.#ring.write(MESSAGE, connection, payload)) return;
    this.#waiting.push({ connection, payload });
  }

  /** As `send`, but at the bound the message is lost: for what is only advice. */
  offer(connection: ConnectionId, message: Message): void {
    const payload = this.#encoder.encode(JSON.stringify(message));
    if (this.flush()) this.#ring.write(MESSAGE, connection, payload);
  }

  /** False when there is no room: the bytes are lost, and it is the caller's to count that. */
  sendBytes(connection: ConnectionId, bytes: Uint8Array): boolean {
    return this.flush() && this.#ring.write(BYTES, connection, bytes);
  }

  /** Writes what waits; false while something still does. */
  flush(): boolean {
    let written = 0;
    for (const { connection, payload } of this.#waiting) {
      if (!this.#ring.write(MESSAGE, connection, payload)) break;
      written += 1;
    }
    if (written > 0) this.#waiting.splice(0, written);
    return this.#waiting.length === 0;
  }
}

/** The reading end. */
export class ChannelReader<Message> {
  readonly #ring: ByteRing;
  readonly #decoder = new TextDecoder();

  constructor(ring: ByteRing) {
    this.#ring = ring;
  }

  /** Hands out all that has arrived, in order; bytes are a view that is void after the call. */
  drain(handlers: {
    message: (message: Message) => void;
    bytes: (connection: ConnectionId, bytes: Uint8Array) => void;
  }): void {
    this.#ring.drain((kind, connection, payload) => {
      if (kind === BYTES) handlers.bytes(connection, payload);
      // The other end wrote it with the same type: both are this process.
      else handlers.message(JSON.parse(this.#decoder.decode(payload)) as Message);
    });
  }
}
