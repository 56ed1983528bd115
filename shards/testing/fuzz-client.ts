import { expect } from "bun:test";
import { create, fromBinary } from "@bufbuild/protobuf";
import { type ArenaSelf, ArenaSelfSchema } from "#proto/arena_pb.ts";
import {
  type Ack,
  type ActionResult,
  type ServerFrame,
  ServerFrameSchema,
  type Tick,
  type Welcome,
} from "#proto/frame_pb.ts";
import type { Connection } from "../gateway/connection.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { SendResult, Socket } from "../gateway/socket.ts";
import type { ViewportSize } from "../loop/messages.ts";
import type { ArenaMirror } from "./arena-mirror.ts";
import { type ClientFrameInit, type CommandPlace, encodeClientFrame } from "./client-frames.ts";
import { FrameChecker } from "./frame-checker.ts";
import { UnreadPings } from "./unread-pings.ts";

/** Both ends of one connection; each frame is held against the truth when it arrives. */
export class FuzzClient implements Socket {
  readonly playerId: string;
  readonly connection: Connection;
  readonly #gateway: Gateway;
  readonly #truth: ArenaMirror;
  readonly #answered: (result: ActionResult) => void;
  readonly #welcomed: (welcome: Welcome) => void;
  readonly #pings = new UnreadPings((payload) => this.#gateway.ponged(this.connection, payload));
  /** What the client last asked for, within the bounds. */
  viewport: ViewportSize;
  /** What of that the loop has heard of. */
  #heardViewport: ViewportSize;
  welcome: Welcome | undefined;
  /** Of what tick frames tell; there is none before the welcome. */
  checker: FrameChecker | undefined;
  isOpen = true;
  /** A client that does not read leaves all in the socket's buffer. */
  isReading = true;
  /** The runtime drops the next tick frame. */
  dropsNext = false;
  /** Last sequence sent. */
  sequence = 0;
  ackedSequence = 0;
  /** What lasts as it was shown to the player itself. */
  shown: Pick<ArenaSelf, "score" | "kills" | "deaths"> | undefined;

  constructor(options: {
    playerId: string;
    gateway: Gateway;
    truth: ArenaMirror;
    viewport: ViewportSize;
    /** What becomes of durable actions. */
    answered: (result: ActionResult) => void;
    welcomed: (welcome: Welcome) => void;
  }) {
    this.#answered = options.answered;
    this.#welcomed = options.welcomed;
    this.playerId = options.playerId;
    this.viewport = options.viewport;
    this.#heardViewport = options.viewport;
    this.#gateway = options.gateway;
    this.#truth = options.truth;
    this.connection = options.gateway.open(this);
  }

  get isPlaying(): boolean {
    return this.isOpen && this.connection.phase === "playing";
  }

  say(frame: ClientFrameInit): void {
    this.#gateway.message(this.connection, encodeClientFrame(frame));
  }

  /** The loop has heard all that the client said. */
  heard(): void {
    this.#heardViewport = this.viewport;
  }

  /** Sends a command with the next sequence. */
  command(tick: number, make: (place: CommandPlace) => ClientFrameInit): void {
    this.sequence += 1;
    this.say(make({ sequence: this.sequence, tick }));
  }

  /** The connection is gone without a word. */
  cut(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#gateway.closed(this.connection);
  }

  send(bytes: Uint8Array<ArrayBuffer>): SendResult {
    if (this.isReading) this.#pings.read();
    const { frame } = fromBinary(ServerFrameSchema, bytes.slice());
    if (frame.case === "tick" && this.dropsNext) {
      this.dropsNext = false;
      return "dropped";
    }
    this.#receive(frame);
    return this.isReading ? "sent" : "queued";
  }

  ping(payload: Uint8Array): void {
    this.#pings.add(payload, this.isReading);
  }

  close(): void {
    this.cut();
  }

  bufferedBytes(): number {
    return this.isReading ? 0 : 1_000_000;
  }

  #receive(frame: ServerFrame["frame"]): void {
    switch (frame.case) {
      case "welcome":
        expect(this.welcome, `${this.playerId} is welcomed once`).toBeUndefined();
        this.welcome = frame.value;
        this.#welcomed(frame.value);
        this.checker = new FrameChecker({
          name: this.playerId,
          truth: this.#truth,
          intervalTicks: frame.value.sendIntervalTicks,
        });
        if (!frame.value.resumed) expect(frame.value.sequence, "sequence of a join").toBe(0);
        this.sequence = frame.value.sequence;
        break;
      case "rejection":
        expect(frame.value.sequence, "sequence of a rejection").toBeWithin(1, this.sequence + 1);
        break;
      case "result":
        expect(this.welcome, `the welcome of ${this.playerId}`).toBeDefined();
        this.#answered(frame.value);
        break;
      case "notice":
        expect(this.welcome, `the welcome of ${this.playerId}`).toBeDefined();
        break;
      case "tick":
        this.#learn(frame.value);
        break;
    }
  }

  #learn(frame: Tick): void {
    const { playerId, welcome, checker } = this;
    if (welcome === undefined || checker === undefined) {
      throw new Error(`${playerId} got a tick frame before its welcome`);
    }
    const { entityId } = welcome;
    checker.take(frame);
    for (const cell of this.#truth.cellsAround(entityId, this.#heardViewport)) {
      if (!checker.watcher.cells.has(cell))
        throw new Error(`${playerId} does not watch cell ${cell} in its window`);
    }
    if (frame.ack !== undefined) this.#acknowledge(frame.ack, entityId);
    else if (!this.#truth.holdsAck(entityId)) {
      expect(frame.reset, "a frame that starts anew without an ack").toBe(false);
    }
  }

  #acknowledge({ sequence, self }: Ack, entity: number): void {
    expect(this.#truth.holdsAck(entity), "an ack of what is not committed").toBe(false);
    const truth = this.#truth.ackOf(entity);
    expect(sequence, "sequence of the ack").toBe(truth?.sequence ?? -1);
    expect(self.value, "state in the ack").toEqual(create(ArenaSelfSchema, truth?.self));
    // More than it has sent would be another connection's command.
    expect(sequence, `what ${this.playerId} has sent`).toBeLessThanOrEqual(this.sequence);
    this.ackedSequence = sequence;
    if (self.case === "arena") this.shown = self.value;
  }
}
