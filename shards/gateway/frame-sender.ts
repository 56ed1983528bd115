import type { Clock } from "#shared/time/clock.ts";
import type { ConnectionId } from "../loop/connection-id.ts";
import type { GatewayMessage } from "../loop/messages.ts";
import {
  ackOfSend,
  connectionOfSend,
  countSends,
  isAckAlone,
  isResetSend,
  type PublicationView,
} from "../loop/publication.ts";
import type { Connection } from "./connection.ts";
import { FrameAssembler } from "./frame-assembler.ts";
import { encodeServerFrame, type ServerFrameInit } from "./frames.ts";
import type { GatewayMetrics } from "./gateway-metrics.ts";
import { writeNonce } from "./liveness.ts";

/** A client whose socket holds more than this is skipped until it reads on. */
const BUFFERED_BYTES_MAX = 64 * 1_024;
/** From here on the shard sends less often. */
const CONGESTED_BYTES = 8 * 1_024;
/** Frames sent between two looks at the clock. */
const SENDS_BETWEEN_LOOKS = 16;

export interface FrameSenderOptions {
  readonly clock: Clock;
  readonly inbox: (message: GatewayMessage) => void;
  /** 32 bits that nobody can guess. */
  readonly randomUint32: () => number;
  readonly metrics: GatewayMetrics;
  readonly connections: ReadonlyMap<ConnectionId, Connection>;
}

/**
 * What a gateway sends: frames, each to who keeps up with reading, and the pings that tell who
 * does. It closes nothing.
 */
export class FrameSender {
  readonly #options: FrameSenderOptions;
  readonly #assembler = new FrameAssembler();
  readonly #pingPayload = new Uint8Array(4);
  /** The last look at the clock while frames go out. */
  nowMs = 0;

  constructor(options: FrameSenderOptions) {
    this.#options = options;
  }

  /**
   * Sends a publication's frames from `index` on, until all are sent or `untilMs` is over; returns
   * the index to go on with.
   */
  sendFrames(publication: PublicationView, index: number, untilMs: number): number {
    const { clock } = this.#options;
    let next = index;
    const count = countSends(publication);
    this.nowMs = clock.monotonicMs();
    while (next < count) {
      this.#sendFrame(publication, next);
      next += 1;
      if (next % SENDS_BETWEEN_LOOKS !== 0) continue;
      this.nowMs = clock.monotonicMs();
      if (this.nowMs >= untilMs) break;
    }
    return next;
  }

  /** Sends one frame that is no tick's, whatever waits. */
  send(connection: Connection, frame: ServerFrameInit): void {
    const bytes = encodeServerFrame(frame);
    connection.socket.send(bytes);
    // The next tick frame brings the ping that may be due.
    connection.liveness.sent(bytes.length, this.nowMs);
  }

  /** The client has lost its base: all later frames would build on what it lacks. */
  skip(connection: Connection): void {
    connection.needsReset = true;
    connection.isQueued = true;
    // Nothing else follows that could carry the question: without an answer it is cut.
    if (connection.phase === "playing" && !connection.liveness.isAsked) this.askForLife(connection);
    this.#options.metrics.skippedFrame();
    this.#options.inbox({ kind: "lostBase", connection: connection.id });
  }

  /** Asks for a sign of life, which shows what was read. */
  askForLife({ liveness, socket }: Connection): void {
    const nonce = this.#options.randomUint32();
    writeNonce(this.#pingPayload, nonce);
    liveness.pinged(nonce, this.nowMs);
    socket.ping(this.#pingPayload);
  }

  #sendFrame(publication: PublicationView, index: number): void {
    const connection = this.#options.connections.get(connectionOfSend(publication, index));
    if (connection?.phase === "entering") {
      // Its welcome is still on its way, by the other road: all later frames would build on this.
      this.skip(connection);
      return;
    }
    if (connection?.phase !== "playing") return;
    if (isAckAlone(publication, index)) {
      this.#acknowledge(connection, ackOfSend(publication, index));
      return;
    }
    if (connection.needsReset && !isResetSend(publication, index)) return;
    if (connection.liveness.isFull) {
      this.skip(connection);
      return;
    }
    if (connection.isQueued && !this.#mayQueueMore(connection)) return;
    const bytes = this.#assembler.assemble(publication, index);
    const result = connection.socket.send(bytes);
    if (result === "dropped") {
      this.skip(connection);
      return;
    }
    connection.isQueued = result === "queued";
    connection.needsReset = false;
    if (result === "sent" && connection.congestion !== 0) this.#noteCongestion(connection, 0);
    this.#options.metrics.sentFrame(bytes.length);
    if (connection.liveness.sent(bytes.length, this.nowMs)) this.askForLife(connection);
  }

  /** Whoever does not keep up with reading waits for its next frame, which acknowledges too. */
  #acknowledge(connection: Connection, ack: Uint8Array): void {
    const { socket, liveness } = connection;
    if (connection.isQueued || liveness.isFull) return;
    const result = socket.acknowledge?.(ack);
    if (result === "dropped") this.skip(connection);
    else connection.isQueued = result === "queued";
    liveness.sent(ack.length, this.nowMs);
  }

  /** The client has not read all that it was sent; looks at how much waits for it. */
  #mayQueueMore(connection: Connection): boolean {
    const waiting = connection.socket.bufferedBytes();
    if (waiting > BUFFERED_BYTES_MAX) {
      this.skip(connection);
      return false;
    }
    const level = waiting > CONGESTED_BYTES * 2 ? 2 : waiting > CONGESTED_BYTES ? 1 : 0;
    if (level !== connection.congestion) this.#noteCongestion(connection, level);
    return true;
  }

  #noteCongestion(connection: Connection, level: 0 | 1 | 2): void {
    connection.congestion = level;
    this.#options.inbox({ kind: "congestion", connection: connection.id, level });
  }
}
