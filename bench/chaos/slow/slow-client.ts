import { fromBinary } from "@bufbuild/protobuf";
import { ServerFrameSchema } from "#proto/frame_pb.ts";
import { ArenaView } from "#shared/net/arena-view.ts";
import { PROTOCOL_VERSION } from "#shared/net/protocol.ts";
import { TickFrame } from "#shared/net/tick-frame.ts";
import { readTickFrame } from "#shared/net/tick-reader.ts";
import type { Clock } from "#shared/time/clock.ts";
import { MessageReader, upgradeRequest } from "../../load/websocket-framing.ts";
import { encode, type FrameInit } from "../attack/attacks.ts";
import { frameBytes, OPCODE } from "../attack/bad-frames.ts";
import { RawSocket } from "../attack/raw-socket.ts";

export interface SlowClientOptions {
  readonly address: string;
  readonly ticket: string;
  readonly clock: Clock;
}

/** The greatest window onto the world, and the least. */
const WIDE = { width: 1_600, height: 1_200 };
const NARROW = { width: 64, height: 64 };

/** A player on a bare socket that reads everything, until it is told not to. */
export class SlowClient {
  readonly #socket: RawSocket;
  readonly #frame = new TickFrame();
  #view: ArenaView | undefined;
  #sequence = 0;
  /** The answer to the last ping that was read, which is no answer to the next. */
  #lastPong: Uint8Array = frameBytes(new Uint8Array(4), { opcode: OPCODE.pong });
  #isWide = false;
  /** Frames that came with an order to begin anew. */
  resets = 0;
  readonly #welcomed = Promise.withResolvers<void>();

  private constructor(socket: RawSocket, ticket: string) {
    this.#socket = socket;
    const credential = { case: "ticket" as const, value: ticket };
    const hello = { protocolVersion: PROTOCOL_VERSION, credential };
    const reader = new MessageReader({
      upgraded: () => this.#say({ case: "hello", value: hello }),
      message: (bytes, start, end) => this.#read(bytes.subarray(start, end)),
      pinged: (pong) => {
        this.#lastPong = pong;
        socket.write(pong);
      },
      closing: () => undefined,
      broken: (why) => this.#welcomed.reject(new Error(`cannot read frames: ${why}`)),
    });
    socket.listener = (bytes) => reader.feed(bytes);
  }

  /** Resolves when it plays. */
  static async join({ address, ticket, clock }: SlowClientOptions): Promise<SlowClient> {
    const socket = await RawSocket.connect(address, clock);
    const client = new SlowClient(socket, ticket);
    socket.write(upgradeRequest(new URL(address)));
    await client.#welcomed.promise;
    return client;
  }

  get localPort(): number {
    return this.#socket.localPort;
  }

  get isOver(): boolean {
    return this.#socket.isOver;
  }

  /** Compared keyframes, and those that were not as foretold. */
  get proofs(): { checks: number; mismatches: number } {
    const { checks = 0, mismatches = 0 } = this.#view ?? {};
    return { checks, mismatches };
  }

  stopReading(): void {
    this.#socket.pause();
  }

  readOn(): void {
    this.#socket.resume();
  }

  /** Turns round. */
  play(): void {
    const sequence = ++this.#sequence;
    const value = { dx: (sequence % 3) - 1, dy: 0 };
    this.#say({ case: "input", value: { sequence, controls: { case: "arena", value } } });
  }

  /** Asks for as much as can be had: all that is in sight, again and again. */
  devour(): void {
    this.#isWide = !this.#isWide;
    this.#say({ case: "viewport", value: this.#isWide ? WIDE : NARROW });
  }

  /** Claims to have read. */
  feign(): void {
    this.#socket.write(this.#lastPong);
  }

  cut(): void {
    this.#socket.cut();
  }

  #say(frame: FrameInit): void {
    this.#socket.write(encode(frame));
  }

  #read(bytes: Uint8Array): void {
    if (this.#view === undefined) {
      const { frame } = fromBinary(ServerFrameSchema, bytes);
      if (frame.case === "goodbye") this.#welcomed.reject(new Error(frame.value.message));
      if (frame.case !== "welcome" || frame.value.world.case !== "arena") return;
      this.#view = new ArenaView(frame.value.world.value);
      this.#welcomed.resolve();
    } else if (readTickFrame(bytes, this.#frame)) {
      if (this.#frame.reset) this.resets += 1;
      this.#view.apply(this.#frame);
    }
  }
}
