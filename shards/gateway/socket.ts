/** One WebSocket as the gateway sees it; `socket-server.ts` makes them from Bun's. */
export interface Socket {
  /** Hands the bytes over, which may be reused at once. */
  send(bytes: Uint8Array<ArrayBuffer>): SendResult;
  /** Takes an Ack field between two frames, as some clients want it. */
  acknowledge?(ack: Uint8Array): SendResult;
  /** Asks for a sign of life, behind all that was sent; the bytes may be reused at once. */
  ping(payload: Uint8Array<ArrayBuffer>): void;
  close(code: number, reason: string): void;
  /** Bytes that wait for a client that does not read. */
  bufferedBytes(): number;
}

/** What became of a frame: it went out, waits for a client that does not read, or is lost. */
export type SendResult = "sent" | "queued" | "dropped";
