// Whether a client reads what it is sent.
//
// The obvious sign, bytes that wait in the socket, comes far too late: the kernels at both ends
// take in what nobody reads, up to megabytes, and at a kilobyte a second that hides a client for
// minutes. Neither Bun nor a client's kernel tells what the client's program has taken. But every
// WebSocket answers a ping with the same bytes (RFC 6455 §5.5.3), and it meets the ping only after
// all that was sent before. So a ping goes out every now and then, behind the frames: its answer
// proves that they were read, and no answer in time that they were not. The bytes of a ping are
// random, so that nobody can answer what it has not read.

/** Time from one answer to the next ping. */
const PING_MS = 1_800;
/** A ping goes out by itself when no frame has brought one for so long. */
const QUIET_MS = 5_000;
/** A ping goes out earlier when so much was sent since the last one. */
const PING_BYTES = 64 * 1_024;
/** A client that does not answer for so long does not read. With PING_MS, less than 5 s. */
const ANSWER_MS_MAX = 2_400;
/** Nobody is sent more than this without a proof that it reads. */
const UNREAD_BYTES_MAX = 192 * 1_024;

/** A ping's number from its bytes; one of another length is none that was sent. */
export function readNonce(payload: Uint8Array): number {
  if (payload.length !== 4) return -1;
  const [first = 0, second = 0, third = 0, fourth = 0] = payload;
  return ((first << 24) | (second << 16) | (third << 8) | fourth) >>> 0;
}

/** Writes the number as the four bytes of a ping. */
export function writeNonce(payload: Uint8Array, nonce: number): void {
  payload[0] = nonce >>> 24;
  payload[1] = nonce >>> 16;
  payload[2] = nonce >>> 8;
  payload[3] = nonce;
}

/** What one client has proven to have read. */
export class Liveness {
  #provenMs: number;
  #unreadBytes = 0;
  /** The ping that is on its way: its number, when it went, and what was unread then. */
  #nonce: number | undefined;
  #pingMs = 0;
  #pingedBytes = 0;

  constructor(nowMs: number) {
    this.#provenMs = nowMs;
  }

  /** Bytes went out; true when a ping should follow them. */
  sent(bytes: number, nowMs: number): boolean {
    this.#unreadBytes += bytes;
    if (this.#nonce !== undefined) return false;
    return nowMs - this.#provenMs >= PING_MS || this.#unreadBytes >= PING_BYTES;
  }

  /** A ping with these random 32 bits went out. */
  pinged(nonce: number, nowMs: number): void {
    this.#nonce = nonce;
    this.#pingMs = nowMs;
    this.#pingedBytes = this.#unreadBytes;
  }

  /** An answer came; false when it answers no ping that is on its way. */
  ponged(nonce: number, nowMs: number): boolean {
    if (nonce !== this.#nonce) return false;
    this.#nonce = undefined;
    this.#provenMs = nowMs;
    this.#unreadBytes -= this.#pingedBytes;
    return true;
  }

  /** The gateway itself stood still until now: an answer that is due has all its time again. */
  excuse(nowMs: number): void {
    this.#pingMs = nowMs;
    this.#provenMs = nowMs;
  }

  /** A ping is on its way. */
  get isAsked(): boolean {
    return this.#nonce !== undefined;
  }

  /** Nothing was proven for so long that a ping is due, though no frame brings it. */
  isDue(nowMs: number): boolean {
    return this.#nonce === undefined && nowMs - this.#provenMs >= QUIET_MS;
  }

  /** So much is unread that nothing more may be sent before an answer. */
  get isFull(): boolean {
    return this.#unreadBytes > UNREAD_BYTES_MAX;
  }

  /** It has not read for too long. */
  isSilent(nowMs: number): boolean {
    return this.#nonce !== undefined && nowMs - this.#pingMs >= ANSWER_MS_MAX;
  }
}
