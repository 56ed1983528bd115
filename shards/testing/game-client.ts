import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  type ClientFrame,
  ClientFrameSchema,
  type ServerFrame,
  ServerFrameSchema,
  type Tick,
  type Welcome,
} from "#proto/frame_pb.ts";
import { unsafeCast } from "#shared/infra/unsafe.ts";
import { PROTOCOL_VERSION } from "#shared/net/protocol.ts";

type ClientFrameInit = NonNullable<MessageInitShape<typeof ClientFrameSchema>["frame"]>;
type ServerCase = NonNullable<ServerFrame["frame"]["case"]>;
type ServerValue<Case extends ServerCase> = Extract<ServerFrame["frame"], { case: Case }>["value"];

export type Credential = { ticket: string } | { resumeToken: string };

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
  /** Everything learned so far from tick frames: entities by id. */
  readonly entities = new Map<number, { x: number; y: number; pose: number; name: string }>();
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

  async hello(credential: Credential, protocolVersion = PROTOCOL_VERSION): Promise<void> {
    await this.opened;
    this.send({
      case: "hello",
      value: {
        protocolVersion,
        credential:
          "ticket" in credential
            ? { case: "ticket", value: credential.ticket }
            : { case: "resumeToken", value: credential.resumeToken },
      },
    });
  }

  get entity(): number {
    return this.welcome?.entityId ?? 0;
  }

  send(frame: ClientFrameInit): void {
    const message: ClientFrame = create(ClientFrameSchema, { frame });
    this.sendRaw(toBinary(ClientFrameSchema, message));
  }

  sendRaw(data: Uint8Array<ArrayBuffer> | string): void {
    this.#socket.send(data);
  }

  /** Sends an input; the result is its sequence. */
  move(dx: number, dy: number): number {
    const sequence = ++this.#sequence;
    const controls = { case: "arena" as const, value: { dx, dy } };
    this.send({ case: "input", value: { sequence, tick: 0, controls } });
    return sequence;
  }

  /** Sends an attack; the result is its sequence. */
  attack(): number {
    const sequence = ++this.#sequence;
    const attack = { case: "attack" as const, value: {} };
    const action = { case: "arena" as const, value: { action: attack } };
    this.send({ case: "intent", value: { sequence, tick: 0, action } });
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
  async sees(accept: (entities: GameClient["entities"]) => boolean): Promise<void> {
    while (!accept(this.entities)) await this.next("tick");
  }

  /** Cuts the connection without a word. */
  cut(): void {
    this.#socket.close();
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }

  #receive(frame: ServerFrame["frame"]): void {
    if (frame.case === "tick") this.#learn(frame.value);
    this.#frames.push(frame);
    for (const wake of this.#waiting) wake();
  }

  #learn(tick: Tick): void {
    this.lastTick = tick;
    if (tick.reset) this.entities.clear();
    for (const cell of tick.cells) {
      for (const { id, x, y, pose, name } of cell.arenaEntities) {
        const known = this.entities.get(id)?.name ?? "";
        this.entities.set(id, { x, y, pose, name: name === "" ? known : name });
      }
    }
    const present = new Set(tick.cells.flatMap((cell) => cell.arenaEntities.map(({ id }) => id)));
    for (const cell of tick.cells) {
      for (const id of cell.gone) if (!present.has(id)) this.entities.delete(id);
    }
  }
}

function readCase<Case extends ServerCase>(
  frame: ServerFrame["frame"],
  kind: Case,
): ServerValue<Case> | undefined {
  // The compiler does not follow that a frame of this case carries this case's value.
  return unsafeCast<ServerValue<Case> | undefined>(frame.case === kind ? frame.value : undefined);
}
