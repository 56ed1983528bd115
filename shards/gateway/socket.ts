/** One WebSocket as the gateway sees it; `socket-server.ts` makes them from Bun's. */
export interface Socket {
  /** Hands the bytes over; false when the runtime dropped them. The bytes may be reused at once. */
  send(bytes: Uint8Array): boolean;
  close(code: number, reason: string): void;
  /** Bytes that wait for a client that does not read. */
  bufferedBytes(): number;
}
