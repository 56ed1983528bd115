import type { ConnectionId } from "../loop/connection-id.ts";
import type { ViewportSize } from "../loop/messages.ts";
import type { Liveness } from "./liveness.ts";
import type { MessageLimit } from "./message-limit.ts";
import type { Socket } from "./socket.ts";

/**
 * How far a connection has come: it says hello, its credential is checked and the loop lets it in;
 * then it plays. A closing one is ignored until its socket is gone.
 */
export type ConnectionPhase = "hello" | "entering" | "playing" | "closing";

/** A client's connection. */
export interface Connection {
  readonly id: ConnectionId;
  readonly socket: Socket;
  readonly limit: MessageLimit;
  /** Whether it reads what it is sent. */
  readonly liveness: Liveness;
  /** When it opened, or the gateway woke from a standstill in which it could not be heard. */
  openedMs: number;
  phase: ConnectionPhase;
  viewport: ViewportSize;
  /** Frames were skipped: only one that starts anew makes sense to the client. */
  needsReset: boolean;
  /** Something may still wait for the client to read; false when all went out. */
  isQueued: boolean;
  /** What the loop was told last: 0 all is well, up to 2 the client reads far too slowly. */
  congestion: 0 | 1 | 2;
}
