import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type ChatSend,
  type ClientFrame,
  ClientFrameSchema,
  GoodbyeReason,
  type Hello,
  type Input,
  type Intent,
  NoticeKind,
  ServerFrameSchema,
} from "#proto/frame_pb.ts";
import { CLOSE, INPUT_LEAD_TICKS_MAX } from "#shared/net/protocol.ts";
import {
  type ArenaCommand,
  type ArenaInput,
  type ArenaParameters,
  type ArenaWorld,
  createArena,
  readArenaSelf,
  rowOf,
  stepArena,
} from "#shared/sim/index.ts";
import type { CancelTimer, Clock } from "#shared/time/clock.ts";
import { CellTeller, type FrameInit } from "./cell-teller.ts";
import type { Listener, ServerEnd } from "./fake-network.ts";

interface Player {
  readonly id: string;
  entity: number;
  end: ServerEnd | undefined;
  queue: (Input | Intent)[];
  teller: CellTeller | undefined;
  resumeToken: string;
  /** By the action's id, once it is done or refused. */
  readonly answers: Map<string, FrameInit>;
}

/** Ticks between two frames. */
const SEND_INTERVAL_TICKS = 3;

/** A shard of one world in virtual time: the real rules, real frames, and nothing else real. */
export class FakeShard implements Listener {
  readonly world: ArenaWorld;
  readonly #clock: Clock;
  readonly #tickMs: number;
  readonly #players = new Map<string, Player>();
  /** By tick, then entity: where everyone truly was, in tenths of a unit. */
  readonly past = new Map<number, Map<number, { x: number; y: number; alive: boolean }>>();
  #startMs: number;
  #inputs: ArenaInput[] = [];
  #tokens = 0;
  #running = true;
  #standing = false;
  #cancelTick: CancelTimer | undefined;
  lateInputs = 0;
  /** What clients have said; a test answers with `tell`. */
  readonly said: ChatSend[] = [];
  /** Whether durable actions are answered; they are done all the same. */
  answers = true;
  /** Asked when frames are due; a busy shard leaves out up to three turns in a row. */
  takesTurn: () => boolean = () => true;

  constructor(options: { clock: Clock; parameters: ArenaParameters; tick?: number }) {
    this.#clock = options.clock;
    this.world = createArena(options.parameters, { capacity: 64 });
    this.world.tick = options.tick ?? 1_000;
    this.#tickMs = 1_000 / options.parameters.tickRate;
    this.#startMs = options.clock.monotonicMs() - this.world.tick * this.#tickMs;
    this.#plan();
  }

  /** Nothing is answered any more. */
  stop(): void {
    this.#running = false;
    this.#cancelTick?.();
  }

  /** Goes on after a stop, with nobody connected and nothing on its way, so many ticks back. */
  revive(lostTicks = 0): void {
    this.#running = true;
    this.#standing = false;
    this.world.tick -= lostTicks;
    for (const player of this.#players.values()) {
      player.end = undefined;
      player.queue = [];
      this.#halt(player);
    }
    this.#startMs = this.#clock.monotonicMs() - this.world.tick * this.#tickMs;
    this.#plan();
  }

  /** The world stands still, as when the database does not answer, and clients are told. */
  stand(): void {
    this.#standing = true;
    this.#cancelTick?.();
    this.#tellNotice(NoticeKind.STORAGE_STALLED);
  }

  /** The world goes on after having stood; its frames say so too. */
  goOn(options: { isTold: boolean } = { isTold: true }): void {
    this.#standing = false;
    this.#startMs = this.#clock.monotonicMs() - (this.world.tick + 1) * this.#tickMs;
    if (options.isTold) this.#tellNotice(NoticeKind.STORAGE_SLOW);
    this.#plan();
  }

  #tellNotice(kind: NoticeKind): void {
    this.tell({ case: "notice", value: { kind, message: "", tick: this.world.tick } });
  }

  /** To everybody who is connected. */
  tell(frame: FrameInit): void {
    for (const { end } of this.#players.values()) send(end, frame);
  }

  /** Lets someone act who has no connection. */
  command(command: ArenaCommand): void {
    this.#inputs.push({ input: { case: "command", value: command } });
  }

  /** Adds someone who has no connection; the entity is there after the next tick. */
  join(playerId: string): void {
    this.#inputs.push({
      input: { case: "join", value: { playerId, name: playerId, restored: undefined } },
    });
  }

  /** Entity of a player; 0 when there is none. */
  entityOf(playerId: string): number {
    const row = this.world.rowByPlayer.get(playerId);
    return row === undefined ? 0 : (this.world.players.ids[row] ?? 0);
  }

  connected(end: ServerEnd): { received(bytes: Uint8Array): void; closed(): void } {
    let player: Player | undefined;
    return {
      received: (bytes) => {
        if (!this.#running) return;
        const { frame } = fromBinary(ClientFrameSchema, bytes);
        if (frame.case === "hello") player = this.#admit(frame.value, end);
        else if (player !== undefined) this.#take(player, frame);
      },
      closed: () => {
        if (player?.end !== end) return;
        player.end = undefined;
        this.#halt(player);
      },
    };
  }

  /** Nobody runs on without a connection. */
  #halt({ entity }: Player): void {
    if (entity !== 0) this.#inputs.push({ input: { case: "halt", value: { entity } } });
  }

  #admit({ credential }: Hello, end: ServerEnd): Player | undefined {
    const known =
      credential.case === "resumeToken"
        ? [...this.#players.values()].find(({ resumeToken }) => resumeToken === credential.value)
        : this.#players.get(credential.value ?? "");
    if (credential.case === "resumeToken" && known === undefined) {
      sayGoodbye(end, GoodbyeReason.RESUME_EXPIRED, CLOSE.credentialRefused);
      return undefined;
    }
    if (known?.end !== undefined) sayGoodbye(known.end, GoodbyeReason.REPLACED, CLOSE.replaced);
    const id = known?.id ?? credential.value ?? "";
    const player: Player = known ?? {
      id,
      entity: 0,
      end,
      queue: [],
      teller: undefined,
      resumeToken: "",
      answers: new Map(),
    };
    this.#players.set(id, player);
    player.end = end;
    player.teller = undefined;
    if (credential.case === "resumeToken") this.#welcome(player, true);
    else {
      player.entity = 0;
      this.join(id);
    }
    return player;
  }

  #take(player: Player, frame: ClientFrame["frame"]): void {
    if (this.#standing && isFleeting(frame)) return;
    if (frame.case === "input") player.queue.push(frame.value);
    else if (frame.case === "intent") this.#takeIntent(player, frame.value);
    else if (frame.case === "chat") this.said.push(frame.value);
    else if (frame.case === "leave" && player.end !== undefined) {
      sayGoodbye(player.end, GoodbyeReason.LEFT, CLOSE.left);
    } else if (frame.case === "ping") {
      const sinceMs = this.#clock.monotonicMs() - this.#startMs - this.world.tick * this.#tickMs;
      const elapsedMs = this.#standing ? sinceMs % this.#tickMs : sinceMs;
      send(player.end, {
        case: "pong",
        value: {
          clientTimeMs: frame.value.clientTimeMs,
          tick: this.world.tick,
          tickElapsedMicros: Math.round(elapsedMs * 1_000),
        },
      });
    }
  }

  /** One that was answered before is answered again and not done again. */
  #takeIntent(player: Player, intent: Intent): void {
    const known = player.answers.get(intent.actionId.toHex());
    if (known === undefined && !player.queue.some((each) => isSameAction(each, intent))) {
      player.queue.push(intent);
    } else if (known !== undefined && this.answers) send(player.end, known);
  }

  #plan(): void {
    const dueMs = this.#startMs + (this.world.tick + 1) * this.#tickMs;
    const delayMs = Math.max(0, dueMs - this.#clock.monotonicMs());
    this.#cancelTick = this.#clock.schedule(delayMs, () => {
      this.#tick();
      this.#plan();
    });
  }

  #tick(): void {
    const tick = this.world.tick + 1;
    const inputs = this.#inputs.splice(0);
    const asked = new Map<string, Uint8Array>();
    for (const player of this.#players.values()) inputs.push(...this.#due(player, tick, asked));
    stepArena(this.world, inputs);
    this.#answer(asked);
    this.#remember();
    for (const player of this.#players.values()) player.teller?.watch(this.world);
    for (const { playerId, entity } of this.world.effects.joined) {
      const player = this.#players.get(playerId);
      if (player === undefined) continue;
      player.entity = entity;
      player.queue = [];
      this.#welcome(player, false);
    }
    if (tick % SEND_INTERVAL_TICKS !== 0 || !this.takesTurn()) return;
    for (const player of this.#players.values()) this.#tell(player);
  }

  #answer(asked: ReadonlyMap<string, Uint8Array>): void {
    const { tick, effects } = this.world;
    for (const { entity, sequence, reason } of effects.outcomes) {
      const player = [...this.#players.values()].find((each) => each.entity === entity);
      const actionId = asked.get(`${entity} ${sequence}`);
      if (player === undefined || actionId === undefined) continue;
      const result: FrameInit = { case: "result", value: { actionId, reason, tick } };
      player.answers.set(actionId.toHex(), result);
      if (this.answers) send(player.end, result);
    }
  }

  /** Inputs of this tick; notes the ids of intents by entity and sequence. */
  #due(player: Player, tick: number, asked: Map<string, Uint8Array>): ArenaInput[] {
    const isDue = (message: Input | Intent) =>
      message.tick <= tick || message.tick > tick + INPUT_LEAD_TICKS_MAX;
    const due = player.queue.filter(isDue);
    player.queue = player.queue.filter((message) => !isDue(message));
    return due.map((message) => {
      if (message.tick < tick) this.lateInputs += 1;
      if (message.$typeName === "tessera.v1.Intent" && message.actionId.length > 0) {
        asked.set(`${player.entity} ${message.sequence}`, message.actionId);
      }
      return inputOf(player.entity, message);
    });
  }

  #welcome(player: Player, resumed: boolean): void {
    this.#tokens += 1;
    player.resumeToken = `resume-${this.#tokens}`;
    player.teller = new CellTeller();
    const row = rowOf(this.world.players, player.entity);
    const { tickRate, width, height, cellSize, seed } = this.world.parameters;
    send(player.end, {
      case: "welcome",
      value: {
        entityId: player.entity,
        resumeToken: player.resumeToken,
        tick: this.world.tick,
        sequence: this.world.players.columns.sequence[row] ?? 0,
        sendIntervalTicks: SEND_INTERVAL_TICKS,
        resumed,
        world: { case: "arena", value: { tickRate, width, height, cellSize, seed } },
      },
    });
  }

  #tell(player: Player): void {
    if (player.end === undefined || player.teller === undefined) return;
    const row = rowOf(this.world.players, player.entity);
    const self = readArenaSelf(this.world, row);
    const sequence = this.world.players.columns.sequence[row] ?? 0;
    const ack = { sequence, self: { case: "arena" as const, value: self } };
    const told = player.teller.tell(this.world);
    send(player.end, { case: "tick", value: { tick: this.world.tick, ack, ...told } });
  }

  #remember(): void {
    const { ids, columns, rowCount } = this.world.players;
    const now = new Map<number, { x: number; y: number; alive: boolean }>();
    for (let row = 0; row < rowCount; row += 1) {
      const id = ids[row] ?? 0;
      if (id === 0) continue;
      const alive = columns.respawnTick[row] === 0;
      now.set(id, { x: columns.x[row] ?? 0, y: columns.y[row] ?? 0, alive });
    }
    this.past.set(this.world.tick, now);
  }
}

function inputOf(entity: number, message: Input | Intent): ArenaInput {
  const { sequence } = message;
  if (message.$typeName === "tessera.v1.Input") {
    const { dx, dy } = message.controls.value ?? { dx: 0, dy: 0 };
    const command = { case: "controls" as const, value: { dx, dy } };
    return { input: { case: "command", value: { entity, sequence, command } } };
  }
  const value =
    message.action.case === "arena" ? message.action.value : { action: { case: undefined } };
  const command = { case: "action" as const, value };
  return { input: { case: "command", value: { entity, sequence, command } } };
}

/** Whether a world that stands still takes no notice of it. */
function isFleeting(frame: ClientFrame["frame"]): boolean {
  return frame.case === "input" || (frame.case === "intent" && frame.value.actionId.length === 0);
}

function isSameAction(message: Input | Intent, { actionId }: Intent): boolean {
  if (message.$typeName === "tessera.v1.Input" || actionId.length === 0) return false;
  return message.actionId.toHex() === actionId.toHex();
}

function sayGoodbye(end: ServerEnd, reason: GoodbyeReason, code: number): void {
  send(end, { case: "goodbye", value: { reason, message: GoodbyeReason[reason] } });
  end.close(code);
}

function send(end: ServerEnd | undefined, frame: FrameInit): void {
  end?.send(toBinary(ServerFrameSchema, create(ServerFrameSchema, { frame })));
}
