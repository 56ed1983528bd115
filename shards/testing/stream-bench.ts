import { expect } from "bun:test";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { InputSchema, ServerFrameSchema, type Tick } from "#proto/frame_pb.ts";
import { ArenaPlayerSchema } from "#proto/journal_pb.ts";
import { TickFrame } from "#shared/net/tick-frame.ts";
import { readAckField } from "#shared/net/tick-reader.ts";
import {
  ARENA_HEALTH_MAX,
  ARENA_UNIT,
  type ArenaAction,
  type ArenaParameters,
  createArena,
  encodeArenaSnapshot,
} from "#shared/sim/index.ts";
import { FrameAssembler } from "../gateway/frame-assembler.ts";
import type { ViewportSize } from "../loop/messages.ts";
import {
  ackOfSend,
  connectionOfSend,
  countSends,
  isAckAlone,
  type PublicationView,
} from "../loop/publication.ts";
import { Publisher } from "../loop/publisher.ts";
import { type Session, Sessions } from "../loop/sessions.ts";
import { arenaFactory } from "../world/arena/arena-shard-world.ts";
import type { ShardWorld } from "../world/shard-world.ts";
import { ArenaMirror } from "./arena-mirror.ts";
import { FrameChecker } from "./frame-checker.ts";
import { ViewChecker } from "./view-checker.ts";

const CAPACITY = 200;

/**
 * The way of an arena's state to its watchers and nothing else: world, publisher, frames, watchers.
 * Each frame is held against the truth, and its bytes against protobuf-es.
 */
export class StreamBench {
  readonly world: ShardWorld;
  readonly truth: ArenaMirror;
  readonly sessions = new Sessions();
  readonly publisher: Publisher;
  readonly intervalTicks: number;
  /** By connection. */
  readonly checkers = new Map<number, FrameChecker>();
  readonly #views = new Map<number, ViewChecker>();
  /** Frames of the last tick, by connection. */
  readonly frames = new Map<number, Tick>();
  /** Sequences of acks that came without a frame in the last tick, by connection. */
  readonly acks = new Map<number, number>();
  readonly #ack = new TickFrame();
  frameBytes = 0;
  /** So many ticks are not in the database when frames are made. */
  commitLagTicks = 0;
  #committedTick = 0;
  readonly #assembler = new FrameAssembler();
  #connections = 0;

  constructor(parameters: ArenaParameters) {
    const { tickRate, seed } = parameters;
    const start = encodeArenaSnapshot(createArena(parameters, { capacity: CAPACITY }));
    this.world = arenaFactory.restore(start, { tickRate, seed, capacity: CAPACITY });
    this.truth = new ArenaMirror(start);
    this.intervalTicks = Math.round(tickRate / 10);
    this.publisher = new Publisher({
      world: this.world,
      sessions: this.sessions,
      output: {
        hasRoom: () => true,
        control: () => undefined,
        tell: () => true,
        ticked: () => undefined,
        publish: (publication) => this.#receive(publication),
      },
      sendIntervalTicks: this.intervalTicks,
    });
  }

  /** Lets a player's client in; the result is its session. */
  connect(playerId: string, entity: number, viewport: ViewportSize): Session {
    const connection = ++this.#connections;
    const { truth, intervalTicks } = this;
    const session = this.sessions.add(playerId, entity, 0);
    this.sessions.attach(session, connection);
    session.viewport = viewport;
    session.group = connection % intervalTicks;
    this.checkers.set(connection, new FrameChecker({ name: playerId, truth, intervalTicks }));
    this.#views.set(connection, new ViewChecker(truth));
    return session;
  }

  /** Lets a player in at a place, in units, unhurt and at rest; the result is its entity. */
  join(playerId: string, place: { x: number; y: number }): number {
    const x = place.x * ARENA_UNIT;
    const y = place.y * ARENA_UNIT;
    const player = create(ArenaPlayerSchema, { x, y, health: ARENA_HEALTH_MAX });
    const restored = toBinary(ArenaPlayerSchema, player);
    this.world.inputs.join({ playerId, name: playerId, restored });
    this.tick({ publish: false });
    return this.world.effects.joined[0]?.entity ?? 0;
  }

  /** Holds controls from the next tick on. */
  move(entity: number, controls: { dx: number; dy: number }): void {
    const sequence = this.world.sequenceOf(entity) + 1;
    const message = { sequence, controls: { case: "arena" as const, value: controls } };
    this.world.inputs.command(entity, create(InputSchema, message));
  }

  /** Acts in the next tick, by an id. */
  act(
    entity: number,
    action: ArenaAction["action"],
    actionId: Uint8Array = new Uint8Array(16).fill(1),
  ): void {
    const sequence = this.world.sequenceOf(entity) + 1;
    const arena = { case: "arena" as const, value: { action } };
    this.world.inputs.command(entity, { sequence, tick: 0, action: arena, actionId });
  }

  /** The frame that a player's client got with the last tick. */
  frameOf(playerId: string): Tick | undefined {
    return this.frames.get(this.sessions.ofPlayer(playerId)?.connection ?? 0);
  }

  /** One tick, whose frames may be left out. */
  tick(options: { publish: boolean } = { publish: true }): void {
    this.truth.replay(this.world.step());
    this.world.observe();
    this.#committedTick = Math.max(this.#committedTick, this.world.tick - this.commitLagTicks);
    this.truth.commit(this.#committedTick);
    for (const { entity } of this.world.effects.departed) {
      const session = this.sessions.ofEntity(entity);
      if (session !== undefined) this.sessions.remove(session);
    }
    this.frames.clear();
    this.acks.clear();
    if (!options.publish) return;
    this.truth.show();
    this.publisher.publish(this.#committedTick);
  }

  /** The checker of a player who is connected. */
  checkerOf(playerId: string): FrameChecker {
    const checker = this.checkers.get(this.sessions.ofPlayer(playerId)?.connection ?? 0);
    if (checker === undefined) throw new Error(`cannot find the client of ${playerId}`);
    return checker;
  }

  #receive(publication: PublicationView): void {
    for (let index = 0; index < countSends(publication); index++) {
      if (isAckAlone(publication, index)) {
        readAckField(ackOfSend(publication, index), this.#ack);
        this.acks.set(connectionOfSend(publication, index), this.#ack.sequence);
        continue;
      }
      const bytes = this.#assembler.assemble(publication, index);
      this.frameBytes += bytes.length;
      const message = fromBinary(ServerFrameSchema, bytes);
      expect(toBinary(ServerFrameSchema, message), "bytes of the frame").toEqual(bytes);
      if (message.frame.case !== "tick") throw new Error(`got ${message.frame.case}, not a tick`);
      const connection = connectionOfSend(publication, index);
      this.frames.set(connection, message.frame.value);
      this.checkers.get(connection)?.take(message.frame.value);
      this.#views.get(connection)?.take(bytes);
    }
  }
}
