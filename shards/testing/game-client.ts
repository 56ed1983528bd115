import { fromBinary } from "@bufbuild/protobuf";
import { type ServerFrame, ServerFrameSchema, type Tick, type Welcome } from "#proto/frame_pb.ts";
import { unsafeCast } from "#shared/infra/unsafe.ts";
import { ARENA_PARAMETERS } from "#shared/sim/index.ts";
import { ArenaWatcher } from "./arena-watcher.ts";
import {
  attackFrame,
  type ClientFrameInit,
  type Credential,
  encodeClientFrame,
  helloFrame,
  moveFrame,
} from "./client-frames.ts";

type ServerCase = NonNullable<ServerFrame["frame"]["case"]>;
type ServerValue<Case extends ServerCase> = Extract<ServerFrame["frame"], { case: Case }>["value"];

/** How a connection ended. */
export interface Ending {
  code: number;
  reason: string;
}

/** A bare game socket that speaks frames through protobuf-es, for tests of the shard. */
export class GameClient implements Disposable {
  readonly #socket: WebSocket;
  readonly #frames: ServerFrame["frame"][] = [];
  readonly #waiting = new Set<() => void>();
  readonly opened: Promise<void>;
  readonly ended: Promise<Ending>;
  readonly #watcher = new ArenaWatcher();
  /** As the welcome tells, which comes before any tick. */
  #parameters = ARENA_PARAMETERS;
  lastTick: Tick | undefined;
  welcome: Welcome | undefined;
  #sequence = 0;

  constructor(address: string) {
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.opened = new Promise((resolve, reject) => {
      socket.addEventListener("open", () => resolve());
      socket.addEventListener("error", () => reject(new Error("cannot open game socket")));
    });
    this.ended = new Promise((resolve) => {
      socket.addEventListener("close", ({ code, reason }) => {
        resolve({ code, reason });
        for (const wake of this.#waiting) wake();
      });
    });
    socket.addEventListener("message", (event: MessageEvent<ArrayBuffer>) => {
      this.#receive(fromBinary(ServerFrameSchema, new Uint8Array(event.data)).frame);
    });
  }

  /** Connects, says hello and waits for the welcome. */
  static async join(address: string, credential: Credential): Promise<GameClient> {
    const client = new GameClient(address);
    await client.hello(credential);
    client.welcome = await client.next("welcome");
    client.#sequence = client.welcome.sequence;
    return client;
  }

  async hello(credential: Credential, protocolVersion?: number): Promise<void> {
    await this.opened;
    this.send(helloFrame(credential, { protocolVersion }));
  }

  get entity(): number {
    return this.welcome?.entityId ?? 0;
  }

  send(frame: ClientFrameInit): void {
    this.sendRaw(encodeClientFrame(frame));
  }

  sendRaw(data: Uint8Array<ArrayBuffer> | string): void {
    this.#socket.send(data);
  }

  /** Sends an input; the result is its sequence. */
  move(dx: number, dy: number): number {
    const sequence = ++this.#sequence;
    this.send(moveFrame({ sequence, tick: 0 }, { dx, dy }));
    return sequence;
  }

  /** Sends an attack; the result is its sequence. */
  attack(): number {
    const sequence = ++this.#sequence;
    this.send(attackFrame({ sequence, tick: 0 }));
    return sequence;
  }

  /** The next frame of a kind, among those that came already or will come. */
  async next<Case extends ServerCase>(
    kind: Case,
    accept: (value: ServerValue<Case>) => boolean = () => true,
  ): Promise<ServerValue<Case>> {
    for (;;) {
      for (let frame = this.#frames.shift(); frame !== undefined; frame = this.#frames.shift()) {
        const value = readCase(frame, kind);
        if (value !== undefined && accept(value)) return value;
      }
      if (this.#socket.readyState === WebSocket.CLOSED) {
        throw new Error(`cannot get ${kind}: the connection is closed`);
      }
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }

  /** The tick frame that acknowledges a sequence. */
  acknowledged(sequence: number): Promise<Tick> {
    return this.next("tick", (tick) => (tick.ack?.sequence ?? 0) >= sequence);
  }

  /** Waits until an entity looks as wanted, from what tick frames told. */
  async sees(accept: (players: ArenaWatcher["players"]) => boolean): Promise<void> {
    while (!accept(this.#watcher.players)) await this.next("tick");
  }

  /** Cuts the connection without a word. */
  cut(): void {
    this.#socket.close();
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }

  #receive(frame: ServerFrame["frame"]): void {
    if (frame.case === "welcome" && frame.value.world.case === "arena") {
      this.#parameters = frame.value.world.value;
    }
    if (frame.case === "tick") this.#learn(frame.value);
    this.#frames.push(frame);
    for (const wake of this.#waiting) wake();
  }

  #learn(tick: Tick): void {
    this.lastTick = tick;
    this.#watcher.apply(tick, this.#parameters);
  }
}

function readCase<Case extends ServerCase>(
  frame: ServerFrame["frame"],
  kind: Case,
): ServerValue<Case> | undefined {
  // The compiler does not follow that a frame of this case carries this case's value.
  return unsafeCast<ServerValue<Case> | undefined>(frame.case === kind ? frame.value : undefined);
}
