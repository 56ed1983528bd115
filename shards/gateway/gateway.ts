import type { Hello } from "#proto/frame_pb.ts";
import { createClientCommand, readClientCommand } from "#shared/net/client-frame-reader.ts";
import {
  CLOSE,
  HELLO_TIMEOUT_MS,
  PROTOCOL_VERSION,
  RESYNC_CELLS_MAX,
  VIEWPORT_DEFAULT,
} from "#shared/net/protocol.ts";
import type { Clock } from "#shared/time/clock.ts";
import {
  ACTION_ID,
  type Closing,
  FLOOD,
  HELLO_TIMEOUT,
  STOPPING,
  TEXT,
  TOO_SLOW,
  UNDECODABLE,
  UNEXPECTED,
  VERSION,
} from "../loop/closings.ts";
import { type ConnectionId, connectionId, LOCAL_ID_MAX } from "../loop/connection-id.ts";
import type { ControlMessage, GatewayMessage, LoopOutput } from "../loop/messages.ts";
import type { PublicationView } from "../loop/publication.ts";
import type { Connection } from "./connection.ts";
import { FrameSender } from "./frame-sender.ts";
import { type ClientCase, decodeClientFrame, frameOfControl, isActionId } from "./frames.ts";
import type { GatewayMetrics } from "./gateway-metrics.ts";
import { Liveness, readNonce } from "./liveness.ts";
import { MessageLimit } from "./message-limit.ts";
import { readLoginId } from "./resume-token.ts";
import type { Socket } from "./socket.ts";
import { SweepWatch } from "./sweep-watch.ts";
import { Talk, writeDelivery } from "./talk.ts";
import type { TicketResult } from "./tickets.ts";
import { boundViewport, isSameSize } from "./viewport.ts";

export interface GatewayOptions {
  clock: Clock;
  /** Which of the shard's gateways this is; part of its connections' numbers. */
  index?: number;
  /** Where messages for the loop go. */
  inbox: (message: GatewayMessage) => void;
  /**
   * Where inputs and intents go: a ClientFrame's bytes, checked for shape, void after the call.
   * False when there is no room and the command is lost.
   */
  command: (connection: ConnectionId, frame: Uint8Array) => boolean;
  verifyTicket: (ticket: string) => Promise<TicketResult>;
  hashToken: (token: string) => string;
  /** 32 bits that nobody can guess. */
  randomUint32: () => number;
  messagesPerSecondMax: number;
  metrics: GatewayMetrics;
}

/**
 * Everything between the sockets and the loop: hello, decoding, shape checks, rate limits, frame
 * assembly and backpressure. It knows nothing of the world.
 */
export class Gateway implements LoopOutput {
  readonly #options: GatewayOptions;
  readonly #connections = new Map<ConnectionId, Connection>();
  readonly #scratch = createClientCommand();
  readonly #sender: FrameSender;
  readonly #talk: Talk;
  #lastLocal = 0;
  #tick = 0;
  #tickIntendedMs = 0;
  #stopping = false;
  readonly #sweeps: SweepWatch;

  constructor(options: GatewayOptions) {
    this.#options = options;
    const connections = this.#connections;
    this.#sender = new FrameSender({ ...options, connections });
    this.#talk = new Talk({
      ...options,
      connections,
      skip: (connection) => this.#sender.skip(connection),
      reply: (connection, result) => this.#sender.send(connection, frameOfControl(result)),
    });
    this.#sweeps = new SweepWatch(options.clock.monotonicMs());
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** A socket opened; the result is what the other calls are given. */
  open(socket: Socket): Connection {
    const openedMs = this.#options.clock.monotonicMs();
    const connection: Connection = {
      id: this.#nextId(),
      socket,
      limit: new MessageLimit(this.#options.messagesPerSecondMax),
      liveness: new Liveness(openedMs),
      openedMs,
      phase: "hello",
      viewport: VIEWPORT_DEFAULT,
      needsReset: false,
      isQueued: false,
      congestion: 0,
    };
    this.#connections.set(connection.id, connection);
    if (this.#stopping) this.#close(connection, STOPPING);
    return connection;
  }

  /** Says goodbye to everyone, and from now on to whoever comes; sessions wait for a resume. */
  stop(): void {
    this.#stopping = true;
    for (const connection of this.#connections.values()) {
      if (connection.phase !== "closing") this.#close(connection, STOPPING);
    }
  }

  /** Lets a visitor in, who says no hello. */
  enter(connection: Connection, visitor: { playerId: string; name: string }): void {
    if (connection.phase !== "hello") return;
    connection.phase = "entering";
    const { id, viewport } = connection;
    const ticket = { ticketId: "", ticketExpiresMs: 0 };
    this.#options.inbox({ kind: "join", connection: id, ...visitor, viewport, ...ticket });
  }

  /** A binary message, or text, which is refused. */
  message(connection: Connection, data: Uint8Array | string): void {
    if (this.admits(connection, data)) this.receive(connection, data);
  }

  /** Counts a message; false when it came too many, or is text, and is done with. */
  admits(connection: Connection, data: Uint8Array | string): data is Uint8Array {
    if (!this.#count(connection, data.length)) return false;
    if (typeof data !== "string") return true;
    this.#close(connection, TEXT);
    return false;
  }

  /** The bytes of a ClientFrame that was admitted. */
  receive(connection: Connection, data: Uint8Array): void {
    if (connection.phase === "closing") return;
    if (connection.phase === "playing" && readClientCommand(data, this.#scratch)) {
      this.#command(connection, data);
      return;
    }
    const frame = decodeClientFrame(data);
    if (frame === undefined) this.#close(connection, UNDECODABLE);
    else this.#receive(connection, frame, data);
  }

  /** A WebSocket ping, which the runtime answers; it counts like any message. */
  pinged(connection: Connection, payload: Uint8Array): void {
    this.#count(connection, payload.length);
  }

  /** A WebSocket pong: the client has read all before its ping, or says something unasked. */
  ponged(connection: Connection, payload: Uint8Array): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (connection.liveness.ponged(readNonce(payload), nowMs)) return;
    this.#count(connection, payload.length);
  }

  /** Closes a connection whose client does what it must not. */
  refuse(connection: Connection, closing: Closing): void {
    if (connection.phase !== "closing") this.#close(connection, closing);
  }

  /** The socket is gone, whoever closed it. */
  closed(connection: Connection): void {
    this.#connections.delete(connection.id);
    if (connection.phase === "hello" || connection.phase === "closing") return;
    this.#options.inbox({ kind: "lost", connection: connection.id });
  }

  /**
   * Cuts connections that said no hello in time, do not read or are dead, and asks those for a sign
   * of life who are sent nothing; to be called now and then.
   */
  sweep(): void {
    const nowMs = this.#options.clock.monotonicMs();
    const stoodStill = this.#sweeps.swept(nowMs);
    this.#sender.nowMs = nowMs;
    for (const connection of this.#connections.values()) {
      const { phase, openedMs, liveness } = connection;
      if (stoodStill) {
        // What clients have said in the meantime is still to be read, and they may have stood too.
        connection.openedMs = nowMs;
        liveness.excuse(nowMs);
      } else if (phase === "hello") {
        if (nowMs - openedMs >= HELLO_TIMEOUT_MS) this.#close(connection, HELLO_TIMEOUT);
      } else if (phase !== "closing") {
        if (liveness.isSilent(nowMs)) this.#cut(connection, TOO_SLOW);
        else if (liveness.isDue(nowMs)) this.#sender.askForLife(connection);
      }
    }
  }

  control(message: ControlMessage): void {
    const connection = this.#connections.get(message.connection);
    if (connection === undefined || connection.phase === "closing") return;
    if (message.kind === "close") {
      this.#close(connection, message.closing);
    } else if (message.kind === "welcome") {
      this.#welcome(connection, message);
    } else {
      this.#sender.send(connection, frameOfControl(message));
    }
  }

  hasRoom(): boolean {
    return true;
  }

  /** Hands out what players say; see `writeDelivery`. */
  deliver(payload: Uint8Array): void {
    this.#talk.deliver(payload, this.#sender.nowMs);
  }

  /** As `deliver`, for a loop on the same thread. */
  tell(connections: readonly ConnectionId[], frame: Uint8Array): boolean {
    this.deliver(writeDelivery(connections, frame));
    return true;
  }

  /** Sends all frames of a publication at once. */
  publish(publication: PublicationView): void {
    this.sendFrames(publication, 0, Number.POSITIVE_INFINITY);
  }

  /**
   * Sends a publication's frames from `index` on, until all are sent or `untilMs` is over; returns
   * the index to go on with.
   */
  sendFrames(publication: PublicationView, index: number, untilMs: number): number {
    return this.#sender.sendFrames(publication, index, untilMs);
  }

  ticked(tick: number, intendedMs: number): void {
    this.#tick = tick;
    this.#tickIntendedMs = intendedMs;
  }

  /** Counts a message against the connection's rate; false when it is not to be looked at. */
  #count(connection: Connection, bytes: number): boolean {
    if (connection.phase === "closing") return false;
    const { clock, metrics } = this.#options;
    metrics.received(bytes);
    const nowMs = clock.monotonicMs();
    const verdict = connection.limit.check(nowMs, this.#sweeps.unheardSeconds(nowMs));
    if (verdict === "pass") return true;
    metrics.droppedMessage();
    if (verdict === "close") this.#close(connection, FLOOD);
    return false;
  }

  #resync(connection: ConnectionId, cells: readonly number[]): void {
    this.#options.inbox({ kind: "resync", connection, cells: cells.slice(0, RESYNC_CELLS_MAX) });
  }

  #receive(connection: Connection, frame: ClientCase, bytes: Uint8Array): void {
    if (frame.case === "hello" && connection.phase === "hello") {
      void this.#hello(connection, frame.value);
      return;
    }
    if (connection.phase !== "playing" || frame.case === "hello") {
      this.#close(connection, UNEXPECTED);
      return;
    }
    const { id } = connection;
    switch (frame.case) {
      case "intent":
        if (isActionId(frame.value.actionId)) this.#command(connection, bytes);
        else this.#close(connection, ACTION_ID);
        break;
      case "input":
        this.#command(connection, bytes);
        break;
      case "ping":
        this.#pong(connection, frame.value.clientTimeMs);
        break;
      case "viewport": {
        const viewport = boundViewport(frame.value);
        if (isSameSize(viewport, connection.viewport)) break;
        connection.viewport = viewport;
        this.#options.inbox({ kind: "viewport", connection: id, viewport });
        break;
      }
      case "resync":
        this.#resync(id, frame.value.cells);
        break;
      case "chat":
        this.#talk.take(connection, frame.value);
        break;
      case "leave":
        this.#options.inbox({ kind: "leave", connection: id });
        break;
    }
  }

  #command(connection: Connection, frame: Uint8Array): void {
    if (!this.#options.command(connection.id, frame)) this.#options.metrics.droppedMessage();
  }

  async #hello(connection: Connection, hello: Hello): Promise<void> {
    if (hello.protocolVersion !== PROTOCOL_VERSION) {
      this.#close(connection, VERSION);
      return;
    }
    connection.phase = "entering";
    connection.viewport = boundViewport(hello.viewport);
    const { id: connectionId, viewport } = connection;
    const { inbox, hashToken, verifyTicket } = this.#options;
    if (hello.credential.case === "resumeToken") {
      const tokenHash = hashToken(hello.credential.value);
      const loginId = readLoginId(hello.credential.value);
      inbox({ kind: "resume", connection: connectionId, tokenHash, loginId, viewport });
      return;
    }
    const result = await verifyTicket(hello.credential.value ?? "");
    if (connection.phase !== "entering" || !this.#connections.has(connectionId)) return;
    if (!result.ok) {
      const { reason, message } = result;
      this.#close(connection, { reason, message, code: CLOSE.credentialRefused });
      return;
    }
    const { id, playerId, loginId, name, expiresMs } = result.ticket;
    const ticket = { ticketId: id, ticketExpiresMs: expiresMs, loginId };
    inbox({ kind: "join", connection: connectionId, playerId, name, viewport, ...ticket });
  }

  #welcome(connection: Connection, welcome: Extract<ControlMessage, { kind: "welcome" }>): void {
    connection.phase = "playing";
    this.#sender.send(connection, {
      case: "welcome",
      value: {
        entityId: welcome.entity,
        resumeToken: welcome.resumeToken,
        tick: welcome.tick,
        sequence: welcome.sequence,
        sendIntervalTicks: welcome.sendIntervalTicks,
        resumed: welcome.resumed,
        world: welcome.world,
      },
    });
  }

  #pong(connection: Connection, clientTimeMs: number): void {
    const elapsedMs = this.#options.clock.monotonicMs() - this.#tickIntendedMs;
    const micros = Math.round(elapsedMs * 1_000);
    // After a standstill of more than an hour it does not fit its 32 bits.
    const tickElapsedMicros = Math.min(0xffff_ffff, Math.max(0, micros));
    this.#sender.send(connection, {
      case: "pong",
      value: { clientTimeMs, tick: this.#tick, tickElapsedMicros },
    });
  }

  /** The next number that no open connection has; they wrap around after 268 million. */
  #nextId(): ConnectionId {
    const { index = 0 } = this.#options;
    do {
      this.#lastLocal = (this.#lastLocal % LOCAL_ID_MAX) + 1;
    } while (this.#connections.has(connectionId(index, this.#lastLocal)));
    return connectionId(index, this.#lastLocal);
  }

  #close(connection: Connection, closing: Closing): void {
    const { reason, message } = closing;
    this.#sender.send(connection, { case: "goodbye", value: { reason, message } });
    this.#cut(connection, closing);
  }

  /** Closes without another frame, for a client that would not read it. */
  #cut(connection: Connection, { code, message }: Closing): void {
    const entered = connection.phase === "entering" || connection.phase === "playing";
    connection.phase = "closing";
    if (entered) this.#options.inbox({ kind: "lost", connection: connection.id });
    // RFC 6455 §5.5: a close reason is at most 123 bytes; ours are plain ASCII.
    connection.socket.close(code, message.slice(0, 120));
    this.#options.metrics.closed(code);
  }
}
