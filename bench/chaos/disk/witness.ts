import { fromBinary } from "@bufbuild/protobuf";
import {
  type ActionResult,
  type NoticeKind,
  type ServerFrame,
  ServerFrameSchema,
  type Tick,
  type Welcome,
} from "#proto/frame_pb.ts";
import type { ArenaAction, ArenaParameters, ArenaSelf } from "#shared/sim/index.ts";
import type { Clock } from "#shared/time/clock.ts";
import { ArenaWatcher } from "../../../shards/testing/arena-watcher.ts";
import {
  actionFrame,
  type ClientFrameInit,
  type Credential,
  encodeClientFrame,
  helloFrame,
  moveFrame,
} from "../../../shards/testing/client-frames.ts";
import { pause } from "../run/waiting.ts";

/** Looks, not time, for what must come: when the machine stands still, nobody is late. */
const LOOKS_MAX = 10_000;
const LOOK_MS = 2;
const NO_ID = new Uint8Array(0);

/** A durable action and what was heard of it. */
export interface Asked {
  readonly actionId: Uint8Array;
  readonly action: ArenaAction["action"];
  readonly sequence: number;
  readonly askedMs: number;
  result: ActionResult | undefined;
  answeredMs: number | undefined;
}

/** A player who notes all that the shard shows and tells of what lasts. */
export class Witness {
  readonly playerId: string;
  readonly #clock: Clock;
  readonly #heard: () => void;
  #socket: WebSocket | undefined;
  #watcher = new ArenaWatcher();
  #welcome: Welcome | undefined;
  #sequence = 0;
  #ids = 0;
  #isClosed = true;
  readonly #asked = new Map<string, Asked>();
  /** The own player in the last ack, and what that covers; undefined before the first one. */
  self: ArenaSelf | undefined;
  ackedSequence = 0;
  /** Scores as they were shown, by entity. */
  readonly scores = new Map<number, number>();
  /** Deaths that were told, by entity, and hits, by attacker; since `forgetEvents`. */
  readonly deaths = new Map<number, number>();
  readonly hits = new Map<number, number>();
  readonly notices: NoticeKind[] = [];
  /** Welcomes that did not take the session up again. */
  lostSessions = 0;

  constructor(options: {
    playerId: string;
    clock: Clock;
    /** Called after each frame. */
    heard?: () => void;
  }) {
    this.playerId = options.playerId;
    this.#clock = options.clock;
    this.#heard = options.heard ?? (() => undefined);
  }

  get entity(): number {
    return this.#welcome?.entityId ?? 0;
  }

  /** Nothing more comes until it enters again. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Comes in, by its resume token if it has one, and waits for the first word on itself. */
  async enter(address: string, ticket: () => Promise<string>): Promise<void> {
    const before = this.#welcome;
    if (before === undefined) await this.#connect(address, { ticket: await ticket() });
    else {
      await this.#connect(address, { resumeToken: before.resumeToken });
      // Nobody heard of its session: it joins anew.
      if (this.#isClosed) {
        this.lostSessions += 1;
        await this.#connect(address, { ticket: await ticket() });
      }
    }
    await this.until("an acknowledgement", () => this.self !== undefined);
  }

  /** Asks for something durable, or again for what was asked before. */
  ask(action: ArenaAction["action"], before?: Asked): Asked {
    const asked: Asked = {
      actionId: before?.actionId ?? this.#makeId(),
      action,
      sequence: ++this.#sequence,
      askedMs: this.#clock.monotonicMs(),
      result: undefined,
      answeredMs: undefined,
    };
    this.#asked.set(keyOf(asked.actionId), asked);
    this.#send(actionFrame({ sequence: asked.sequence, tick: 0 }, action, asked.actionId));
    return asked;
  }

  /** Does something that needs no answer; the result is its sequence. */
  act(action: ArenaAction["action"]): number {
    this.#sequence += 1;
    this.#send(actionFrame({ sequence: this.#sequence, tick: 0 }, action, NO_ID));
    return this.#sequence;
  }

  /** Walks on and on. */
  walk(dx: number, dy: number): void {
    this.#sequence += 1;
    this.#send(moveFrame({ sequence: this.#sequence, tick: 0 }, { dx, dy }));
  }

  /** Waits until all is acknowledged that was said so far. */
  async isHeard(): Promise<void> {
    const sequence = this.act({ case: "face", value: { right: true } });
    await this.until("an acknowledgement", () => this.ackedSequence >= sequence);
  }

  forgetEvents(): void {
    this.deaths.clear();
    this.hits.clear();
  }

  /** Waits until something is so; throws after a while. */
  async until(what: string, isSo: () => boolean): Promise<void> {
    for (let looks = 0; !isSo(); looks += 1) {
      if (looks === LOOKS_MAX) {
        throw new Error(`cannot go on: ${this.playerId} waits for ${what} in vain`);
      }
      await pause(this.#clock, LOOK_MS);
    }
  }

  leave(): void {
    this.#socket?.close();
  }

  async #connect(address: string, credential: Credential): Promise<void> {
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#watcher = new ArenaWatcher();
    this.#welcome = undefined;
    this.#isClosed = false;
    this.self = undefined;
    this.scores.clear();
    socket.addEventListener("open", () => this.#send(helloFrame(credential)));
    socket.addEventListener("close", () => {
      if (socket === this.#socket) this.#isClosed = true;
    });
    socket.addEventListener("message", ({ data }: MessageEvent<ArrayBuffer>) => {
      if (socket !== this.#socket) return;
      this.#receive(fromBinary(ServerFrameSchema, new Uint8Array(data)).frame);
    });
    await this.until("a welcome", () => this.#welcome !== undefined || this.#isClosed);
  }

  #receive(frame: ServerFrame["frame"]): void {
    switch (frame.case) {
      case "welcome":
        this.#welcome = frame.value;
        this.#sequence = frame.value.sequence;
        this.ackedSequence = frame.value.sequence;
        break;
      case "tick":
        this.#learn(frame.value);
        break;
      case "result":
        this.#answer(frame.value);
        break;
      case "notice":
        this.notices.push(frame.value.kind);
        break;
    }
    this.#heard();
  }

  #learn(tick: Tick): void {
    this.#watcher.apply(tick, this.#parameters());
    for (const [entity, { score }] of this.#watcher.players) this.scores.set(entity, score);
    for (const { event } of tick.cells.flatMap((cell) => cell.arenaEvents)) {
      if (event.case === "death") count(this.deaths, event.value.entity);
      if (event.case === "hit") count(this.hits, event.value.attacker);
    }
    if (tick.ack?.self.case !== "arena") return;
    this.self = tick.ack.self.value;
    this.ackedSequence = tick.ack.sequence;
  }

  #parameters(): ArenaParameters {
    const world = this.#welcome?.world;
    if (world?.case !== "arena") throw new Error("cannot read a tick: no arena was welcomed to");
    return world.value;
  }

  #answer(result: ActionResult): void {
    const asked = this.#asked.get(keyOf(result.actionId));
    if (asked === undefined) throw new Error(`cannot find what ${this.playerId} was answered`);
    asked.result = result;
    asked.answeredMs ??= this.#clock.monotonicMs();
  }

  #makeId(): Uint8Array {
    const id = new Uint8Array(16);
    new TextEncoder().encodeInto(this.playerId, id);
    new DataView(id.buffer).setUint32(12, ++this.#ids);
    return id;
  }

  #send(frame: ClientFrameInit): void {
    this.#socket?.send(encodeClientFrame(frame));
  }
}

function count(into: Map<number, number>, key: number): void {
  into.set(key, (into.get(key) ?? 0) + 1);
}

function keyOf(actionId: Uint8Array): string {
  return Buffer.from(actionId).toString("hex");
}
