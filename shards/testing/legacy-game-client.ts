import type { Ending } from "./game-client.ts";
import { type LegacyFrame, type LegacyPlayer, readLegacyFrame } from "./legacy-frames.ts";

type Kind = LegacyFrame["kind"];
type FrameOf<Case extends Kind> = Extract<LegacyFrame, { kind: Case }>;

/** A client of the ancestor that knows docs/LEGACY.md and nothing else, for tests of the shard. */
export class LegacyGameClient implements Disposable {
  readonly #socket: WebSocket;
  readonly #form: "events" | "delta";
  readonly #frames: LegacyFrame[] = [];
  readonly #waiting = new Set<() => void>();
  readonly opened: Promise<void>;
  readonly ended: Promise<Ending>;
  /** Who is there, as last told; 14 and full lists move them, 255 only turns them. */
  readonly players = new Map<number, LegacyPlayer>();
  /** The own number: the highest of the first list. */
  own = 0;
  readonly #history: { id: number; kind: Kind }[] = [];
  #sequence = 0;
  #listSequence = 0;

  constructor(address: string, form: "events" | "delta" = "events") {
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#form = form;
    this.opened = new Promise((resolve, reject) => {
      socket.addEventListener("open", () => resolve());
      socket.addEventListener("error", () => reject(new Error("cannot open legacy socket")));
    });
    this.ended = new Promise((resolve) => {
      socket.addEventListener("close", ({ code, reason }) => {
        resolve({ code, reason });
        this.#wake();
      });
    });
    socket.addEventListener("message", (event: MessageEvent<ArrayBuffer>) => {
      const frame = readLegacyFrame(new Uint8Array(event.data), this.#form);
      this.#learn(frame);
      this.#frames.push(frame);
      this.#wake();
    });
  }

  /** Connects and waits for the first list. */
  static async join(address: string, form: "events" | "delta" = "events") {
    const client = new LegacyGameClient(address, form);
    await client.opened;
    await client.next("gameState");
    return client;
  }

  /** Sends a MOVE of 14 bytes, or of 6 without a place; the result is its sequence. */
  move(dx: number, dy: number, hint?: { x: number; y: number }): number {
    const sequence = ++this.#sequence;
    const view = new DataView(new ArrayBuffer(hint === undefined ? 6 : 14));
    view.setUint8(0, 3);
    view.setUint8(1, (dx + 1) | ((dy + 1) << 2));
    view.setUint32(2, sequence, true);
    if (hint !== undefined) {
      view.setUint32(6, hint.x, true);
      view.setUint32(10, hint.y, true);
    }
    this.sendRaw(new Uint8Array(view.buffer));
    return sequence;
  }

  viewport(width: number, height: number): void {
    const view = new DataView(new ArrayBuffer(5));
    view.setUint8(0, 13);
    view.setUint16(1, width, true);
    view.setUint16(3, height, true);
    this.sendRaw(new Uint8Array(view.buffer));
  }

  sendRaw(data: Uint8Array<ArrayBuffer> | string): void {
    this.#socket.send(data);
  }

  /** The next message of a kind, among those that came already or will come. */
  async next<Case extends Kind>(
    kind: Case,
    accept: (frame: FrameOf<Case>) => boolean = () => true,
  ): Promise<FrameOf<Case>> {
    for (;;) {
      for (let frame = this.#frames.shift(); frame !== undefined; frame = this.#frames.shift()) {
        if (isOf(frame, kind) && accept(frame)) return frame;
      }
      if (this.#socket.readyState === WebSocket.CLOSED) {
        throw new Error(`cannot get ${kind}: the connection is closed`);
      }
      await this.#news();
    }
  }

  /** Waits until what it knows of the others is as wanted. */
  async sees(accept: (players: ReadonlyMap<number, LegacyPlayer>) => boolean): Promise<void> {
    while (!accept(this.players)) {
      if (this.#socket.readyState === WebSocket.CLOSED) {
        throw new Error("cannot see: the connection is closed");
      }
      await this.#news();
    }
  }

  /** In which messages a player has come up so far, in order. */
  heardOf(id: number): Kind[] {
    return this.#history.filter((entry) => entry.id === id).map(({ kind }) => kind);
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }

  #learn(frame: LegacyFrame): void {
    for (const id of idsOf(frame)) this.#history.push({ id, kind: frame.kind });
    switch (frame.kind) {
      case "gameState":
        this.players.clear();
        if (this.own === 0) this.own = Math.max(...frame.players.map(({ id }) => id));
        this.#learnList(frame);
        break;
      case "delta":
        this.#learnList(frame);
        break;
      case "joined":
        this.players.set(frame.player.id, frame.player);
        break;
      case "left":
        this.#known(frame.id);
        this.players.delete(frame.id);
        break;
      case "movement":
        Object.assign(this.#known(frame.id), { vx: frame.dx, vy: frame.dy });
        break;
      case "direction":
        this.#known(frame.id).facingRight = frame.right;
        break;
      case "attack":
        this.#known(frame.id).state = 2;
        break;
      case "ack":
        break;
    }
  }

  #learnList(list: FrameOf<"gameState" | "delta">): void {
    if (list.sequence !== undefined) {
      if (list.sequence !== this.#listSequence + 1) throw new Error("a list is missing");
      this.#listSequence = list.sequence;
    }
    for (const player of list.players) {
      if (list.kind === "delta") this.#known(player.id);
      this.players.set(player.id, player);
    }
  }

  #known(id: number): LegacyPlayer {
    const player = this.players.get(id);
    if (player === undefined) throw new Error(`cannot apply message: nobody told of ${id}`);
    return player;
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
    });
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }
}

function isOf<Case extends Kind>(frame: LegacyFrame, kind: Case): frame is FrameOf<Case> {
  return frame.kind === kind;
}

function idsOf(frame: LegacyFrame): number[] {
  if ("players" in frame) return frame.players.map(({ id }) => id);
  return [frame.kind === "joined" ? frame.player.id : frame.id];
}
