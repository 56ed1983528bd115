// The client's half of RFC 6455, as small as a load generator needs it. Bun's own WebSocket client
// costs half as much again per message: it makes an event, a copy and a mask for each.
import { createHash } from "node:crypto";

/** Longest message that is taken; a longer one is an error of the other side. */
export const MESSAGE_BYTES_MAX = 4 * 1_024 * 1_024;
/** Longest answer to the request for an upgrade. */
const HEAD_BYTES_MAX = 8 * 1_024;

/** Sent with each upgrade; it proves nothing, so one for all connections is enough. */
const KEY = "dGVzc2VyYS1sb2FkLXRlcw==";
/** RFC 6455 §1.3. */
const ACCEPT = createHash("sha1")
  .update(`${KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
  .digest("base64");

const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
const FINAL = 0x80;
/** In the second byte of a frame, beside its length. */
export const MASKED = 0x80;
const NOTHING = new Uint8Array(0);

/** What a connection hears; bytes are valid during the call only. */
export interface MessageSink {
  /** The server has agreed to speak WebSocket. */
  upgraded(): void;
  message(bytes: Uint8Array, start: number, end: number): void;
  /** A ping came; what is given is to be written back at once. */
  pinged(pong: Uint8Array): void;
  /** The server closes; 1005 when it gave no code. */
  closing(code: number): void;
  /** The other side does not keep the protocol; the connection is of no use any more. */
  broken(why: string): void;
}

/** The bytes that ask for an upgrade. */
export function upgradeRequest(url: URL): Uint8Array {
  const lines = [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Key: ${KEY}`,
    "Sec-WebSocket-Version: 13",
  ];
  return new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`);
}

/** Reads one connection's bytes, in whatever pieces they come. */
export class MessageReader {
  readonly #sink: MessageSink;
  #isUpgraded = false;
  #isOver = false;
  /** The beginning of something that has not come whole. */
  #rest: Uint8Array = NOTHING;
  /** Parts of a message that the server sends in fragments. */
  #fragments: Uint8Array = NOTHING;
  #isFragmented = false;

  constructor(sink: MessageSink) {
    this.#sink = sink;
  }

  feed(chunk: Uint8Array): void {
    const bytes = this.#rest.length === 0 ? chunk : join(this.#rest, chunk);
    let at = this.#isUpgraded ? 0 : this.#readHead(bytes);
    while (this.#isUpgraded && !this.#isOver && at < bytes.length) {
      const next = this.#readFrame(bytes, at);
      if (next === at) break;
      at = next;
    }
    this.#rest = at >= bytes.length || this.#isOver ? NOTHING : bytes.slice(at);
  }

  /** Gives the place after the head, or the start while it is not whole. */
  #readHead(bytes: Uint8Array): number {
    const text = new TextDecoder("latin1").decode(bytes.subarray(0, HEAD_BYTES_MAX));
    const end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      if (bytes.length >= HEAD_BYTES_MAX) this.#break("the answer to the upgrade is too long");
      return 0;
    }
    const head = text.slice(0, end);
    const status = /^HTTP\/1\.1 (\d{3})[^\r\n]*/.exec(head)?.[1];
    const accept = /\r\nsec-websocket-accept:\s*(\S+)/i.exec(head)?.[1];
    if (status !== "101") {
      this.#break(`the server answers ${status ?? "no HTTP"} instead of an upgrade`);
    } else if (accept !== ACCEPT) {
      this.#break("the server's accept header does not fit the key");
    } else {
      this.#isUpgraded = true;
      this.#sink.upgraded();
    }
    return end + 4;
  }

  /** Gives the place after the frame, or `at` while it is not whole. */
  #readFrame(bytes: Uint8Array, at: number): number {
    if (at + 2 > bytes.length) return at;
    const first = bytes[at] ?? 0;
    const second = bytes[at + 1] ?? 0;
    let length = second & 0x7f;
    let start = at + 2;
    if (length === 126) {
      if (at + 4 > bytes.length) return at;
      length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
      start = at + 4;
    } else if (length === 127) {
      if (at + 10 > bytes.length) return at;
      length = Number(new DataView(bytes.buffer, bytes.byteOffset + at + 2, 8).getBigUint64(0));
      start = at + 10;
    }
    if ((second & MASKED) !== 0 || (first & 0x70) !== 0 || length > MESSAGE_BYTES_MAX) {
      this.#break("a frame is masked, too long, or uses an extension");
      return at;
    }
    const end = start + length;
    if (end > bytes.length) return at;
    if (first === (FINAL | OPCODE.binary)) this.#sink.message(bytes, start, end);
    else this.#readRareFrame(first, bytes.subarray(start, end));
    return end;
  }

  #readRareFrame(first: number, payload: Uint8Array): void {
    switch (first & 0x0f) {
      case OPCODE.ping:
        this.#sink.pinged(frameMessage(payload, OPCODE.pong));
        return;
      case OPCODE.pong:
        return;
      case OPCODE.close: {
        const [high = 3, low = 0xed] = payload; // 1005 when there is no code
        this.#isOver = true;
        this.#sink.closing((high << 8) | low);
        return;
      }
      case OPCODE.binary:
        this.#isFragmented = true;
        this.#fragments = payload.slice();
        return;
      case OPCODE.continuation:
        this.#readContinuation(first, payload);
        return;
      default:
        this.#break("a frame is text or of an unknown kind");
    }
  }

  #readContinuation(first: number, payload: Uint8Array): void {
    const isTooLong = this.#fragments.length + payload.length > MESSAGE_BYTES_MAX;
    if (!this.#isFragmented || isTooLong) {
      this.#break("a fragment continues nothing, or makes a message too long");
      return;
    }
    const whole = join(this.#fragments, payload);
    this.#isFragmented = (first & FINAL) === 0;
    this.#fragments = this.#isFragmented ? whole : NOTHING;
    if (!this.#isFragmented) this.#sink.message(whole, 0, whole.length);
  }

  #break(why: string): void {
    this.#isOver = true;
    this.#sink.broken(why);
  }
}

/** Bytes of a client's frame before a payload of up to 125 bytes: two, and the mask. */
export const SHORT_HEAD_BYTES = 6;

/**
 * A whole message as one client frame. The mask is 0, which is allowed and leaves the payload as it
 * is: masks protect proxies from pages, and this is neither.
 */
export function frameMessage(payload: Uint8Array, opcode: number = OPCODE.binary): Uint8Array {
  const isShort = payload.length < 126;
  if (payload.length > 0xffff) throw new Error("cannot frame message: it is beyond 65,535 bytes");
  const headBytes = isShort ? SHORT_HEAD_BYTES : SHORT_HEAD_BYTES + 2;
  const frame = new Uint8Array(headBytes + payload.length);
  frame[0] = FINAL | opcode;
  frame[1] = MASKED | (isShort ? payload.length : 126);
  if (!isShort) {
    frame[2] = payload.length >> 8;
    frame[3] = payload.length & 0xff;
  }
  frame.set(payload, headBytes);
  return frame;
}

/** The frame that says goodbye with code 1000. */
export function closeFrame(): Uint8Array {
  return frameMessage(Uint8Array.of(0x03, 0xe8), OPCODE.close);
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
