import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  InputSchema,
  IntentSchema,
  type RejectionReason,
  type ServerFrame,
  ServerFrameSchema,
  type Tick,
} from "#proto/frame_pb.ts";
import { ArenaPlayerSchema } from "#proto/journal_pb.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import type { ChatServer } from "../chat/chat-server.ts";
import { FrameAssembler } from "../gateway/frame-assembler.ts";
import type { ConnectionId } from "../loop/connection-id.ts";
import type {
  ControlMessage,
  DurableAnswer,
  InboxMessage,
  LoadRequest,
  LoopOutput,
  LoopStorage,
  TickRecord,
} from "../loop/messages.ts";
import type { WelcomeMessage } from "../loop/output-gate.ts";
import { connectionOfSend, countSends, type PublicationView } from "../loop/publication.ts";
import { ShardLoop } from "../loop/shard-loop.ts";
import { arenaFactory } from "../world/arena/arena-shard-world.ts";
import type { ShardWorld } from "../world/shard-world.ts";
import { createPaperTokens } from "./paper-tokens.ts";

const TICK_RATE = 20;

/** What was kept of a player. */
export type ArenaKept = MessageInitShape<typeof ArenaPlayerSchema>;

/** The id of a durable action that is known by a number. */
export function makeActionId(id: number): Uint8Array {
  const bytes = new Uint8Array(16).fill(7);
  new DataView(bytes.buffer).setUint32(0, id);
  return bytes;
}

/** A tick frame and who got it. */
export interface WorkbenchFrame {
  tick: number;
  connection: number;
  reset: boolean;
  acked: boolean;
  /** Last tick that was in the database when the frame went out. */
  committedTick: number;
  content: Tick;
}

/** A loop on a workbench: a real world, time by hand, and neighbours that only take notes. */
export class LoopWorkbench implements LoopOutput, LoopStorage {
  readonly clock = new FakeClock();
  readonly #assembler = new FrameAssembler();
  readonly world: ShardWorld;
  readonly loop: ShardLoop;
  readonly controls: ControlMessage[] = [];
  /** What went out beside control messages and ticks. */
  readonly told: { connections: readonly ConnectionId[]; frame: ServerFrame["frame"] }[] = [];
  readonly loads: LoadRequest[] = [];
  readonly records: TickRecord[] = [];
  readonly snapshots: { tick: number; bytes: Uint8Array }[] = [];
  /** Connections that got a frame, and from which tick. */
  readonly frames: WorkbenchFrame[] = [];
  /** Order in which the loop asked for storage. */
  readonly storageCalls: string[] = [];
  readonly uncommittedTicks = 0;
  /** Whether the next snapshot has to wait. */
  isSavingSnapshot = false;
  /** Whether the gateway can take frames. */
  roomForFrames = true;
  /** Ticks are committed only when `sync` says so; else right after each. */
  isDiskSlow = false;

  constructor(
    options: {
      world?: ShardWorld;
      savedTokens?: Map<string, string>;
      measured?: (latencyMs: number) => void;
      chat?: ChatServer;
    } = {},
  ) {
    const { savedTokens, measured, chat } = options;
    this.world =
      options.world ?? arenaFactory.create({ tickRate: TICK_RATE, seed: 1, capacity: 50 });
    this.loop = new ShardLoop({
      shardKey: "arena:1:eu-west-1",
      world: this.world,
      clock: this.clock,
      output: this,
      storage: this,
      tokens: createPaperTokens(),
      sendIntervalTicks: 2,
      chat,
      isRestored: options.world !== undefined,
      ...(savedTokens && { savedTokens }),
      ...(measured && { measured }),
    });
  }

  put(...messages: InboxMessage[]): void {
    for (const message of messages) this.loop.inbox.push(message);
  }

  /** A player asks to join; `answer` is what storage finds. */
  join(connection: number, playerId: string): void {
    this.put({
      kind: "join",
      connection,
      playerId,
      name: playerId,
      ticketId: `ticket-${connection}`,
      ticketExpiresMs: 30_000,
      viewport: { width: 800, height: 600 },
    });
  }

  /** Storage answers the oldest load request. */
  answerLoad(state?: Uint8Array, ticketFresh = true, answers: readonly DurableAnswer[] = []): void {
    const request = this.loads.shift();
    if (request === undefined) throw new Error("cannot answer: no load was requested");
    this.put({ kind: "loaded", connection: request.connection, ticketFresh, state, answers });
  }

  /** Joins and lets the ticks run that it takes; the result is the welcome. */
  enter(connection: number, playerId: string, kept?: ArenaKept): WelcomeMessage {
    this.join(connection, playerId);
    this.tick();
    this.answerLoad(kept && this.encodeKept(kept));
    this.tick();
    return this.welcomeOf(connection);
  }

  encodeKept(kept: ArenaKept): Uint8Array {
    return toBinary(ArenaPlayerSchema, create(ArenaPlayerSchema, kept));
  }

  /** A client's input; for the next tick unless it names another. */
  move(connection: number, input: { sequence: number; dx: number; tick?: number }): void {
    const { sequence, dx, tick = 0 } = input;
    const controls = { case: "arena" as const, value: { dx, dy: 0 } };
    const message = create(InputSchema, { sequence, tick, controls });
    this.put({ kind: "command", connection, message });
  }

  /** A client's attack. */
  attack(connection: number, sequence: number): void {
    const value = { action: { case: "attack" as const, value: {} } };
    const message = create(IntentSchema, { sequence, action: { case: "arena", value } });
    this.put({ kind: "command", connection, message });
  }

  /** A gift of a credit, which is durable. */
  give(
    connection: number,
    gift: { sequence: number; id: number; to: number; tick?: number },
  ): void {
    const { sequence, id, to, tick = 0 } = gift;
    const value = { action: { case: "give" as const, value: { entity: to } } };
    const action = { case: "arena" as const, value };
    const message = create(IntentSchema, { sequence, tick, action, actionId: makeActionId(id) });
    this.put({ kind: "command", connection, message });
  }

  /** What a connection was told of its durable actions: the ids' numbers and reasons. */
  resultsTo(connection: number): { id: number; reason: RejectionReason; tick: number }[] {
    return this.controls.flatMap((message) => {
      if (message.kind !== "result" || message.connection !== connection) return [];
      const { actionId, reason, tick } = message;
      return [{ id: Number.parseInt(actionId.slice(0, 8), 16), reason, tick }];
    });
  }

  /** All up to that tick is in the database. */
  sync(tick = this.loop.tick): void {
    this.loop.committed(tick);
  }

  tick(count = 1): void {
    for (let done = 0; done < count; done++) {
      this.clock.advance(1_000 / TICK_RATE);
      this.loop.runTick(this.clock.monotonicMs());
      if (!this.isDiskSlow) this.sync();
    }
  }

  welcomeOf(connection: number): WelcomeMessage {
    for (const message of this.controls) {
      if (message.kind === "welcome" && message.connection === connection) return message;
    }
    throw new Error(`cannot find welcome: connection ${connection} got none`);
  }

  closingOf(connection: number): string | undefined {
    for (const message of this.controls) {
      if (message.kind === "close" && message.connection === connection) {
        return message.closing.message;
      }
    }
    return undefined;
  }

  control(message: ControlMessage): void {
    this.controls.push(message);
  }

  tell(connections: readonly ConnectionId[], frame: Uint8Array): boolean {
    this.told.push({ connections, frame: fromBinary(ServerFrameSchema, frame).frame });
    return this.roomForFrames;
  }

  hasRoom(): boolean {
    return this.roomForFrames;
  }

  publish(publication: PublicationView): void {
    for (let index = 0; index < countSends(publication); index++) {
      const connection = connectionOfSend(publication, index);
      const content = this.#assemble(publication, index);
      const { tick, ack, reset } = content;
      const { committedTick } = this.loop;
      const acked = ack !== undefined;
      this.frames.push({ tick, connection, reset, acked, committedTick, content });
    }
  }

  #assemble(publication: PublicationView, index: number): Tick {
    const { frame } = fromBinary(ServerFrameSchema, this.#assembler.assemble(publication, index));
    if (frame.case !== "tick") throw new Error(`expected a tick, got ${frame.case}`);
    return frame.value;
  }

  ticked(): void {
    // Only a gateway needs to know the time of the tick.
  }

  load(request: LoadRequest): void {
    this.storageCalls.push("load");
    this.loads.push(request);
  }

  commit(record: TickRecord): void {
    this.storageCalls.push("commit");
    this.records.push(record);
  }

  snapshot(world: ShardWorld): void {
    this.snapshots.push({ tick: world.tick, bytes: world.snapshot() });
  }
}
