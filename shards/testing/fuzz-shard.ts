import { expect } from "bun:test";
import type { ActionResult, Welcome } from "#proto/frame_pb.ts";
import { type ArenaParameters, createArena, encodeArenaSnapshot } from "#shared/sim/index.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { Gateway } from "../gateway/gateway.ts";
import type { GatewayMetrics } from "../gateway/gateway-metrics.ts";
import type { TicketResult } from "../gateway/tickets.ts";
import { decodeCommand } from "../loop/decode-command.ts";
import type { TickRecord, ViewportSize } from "../loop/messages.ts";
import { ShardLoop } from "../loop/shard-loop.ts";
import { arenaFactory } from "../world/arena/arena-shard-world.ts";
import type { ShardWorld } from "../world/shard-world.ts";
import { ActionLedger } from "./action-ledger.ts";
import { ArenaMirror } from "./arena-mirror.ts";
import { FuzzClient } from "./fuzz-client.ts";
import { JournalChecker } from "./journal-checker.ts";
import { createPaperTokens, hashPaperToken } from "./paper-tokens.ts";
import { StorageModel } from "./storage-model.ts";

/** Frames to a client in a second, at every tick rate. */
const SENDS_PER_SECOND = 10;

const count = () => undefined;
const SILENT_METRICS: GatewayMetrics = {
  received: count,
  droppedMessage: count,
  sentFrame: count,
  skippedFrame: count,
  refusedLine: count,
  lostLines: count,
  opened: count,
  gone: count,
  stalled: count,
  closed: count,
  refused: count,
};

/** What dies with the shard's process. */
interface House {
  truth: ArenaMirror;
  world: ShardWorld;
  journal: JournalChecker;
  gateway: Gateway;
  loop: ShardLoop;
}

/**
 * A shard's loop, gateway and world under a clock by hand, with a mirror fed by its journal. It can
 * be killed: what storage has is all that is left then, and another begins with it.
 */
export class FuzzShard {
  readonly clock = new FakeClock();
  readonly capacity: number;
  readonly storage: StorageModel;
  readonly ledger = new ActionLedger();
  /** All whose connection is open. */
  clients: FuzzClient[] = [];
  /** Whoever else must know what the loop has heard. */
  readonly visitors: { heard(): void }[] = [];
  readonly #start: Uint8Array;
  readonly #parameters: ArenaParameters;
  readonly #tokens = createPaperTokens();
  /** Of players who were here before the journal began. */
  readonly #kept = new Map<string, Uint8Array>();
  #house: House;
  #ticketChecks: (() => void)[] = [];

  constructor(parameters: ArenaParameters, capacity: number) {
    this.capacity = capacity;
    this.#parameters = parameters;
    this.#start = encodeArenaSnapshot(createArena(parameters, { capacity }));
    this.storage = new StorageModel({
      loaded: (message) => this.loop.inbox.push(message),
      committed: (tick) => {
        this.truth.commit(tick);
        this.loop.committed(tick);
      },
    });
    this.#house = this.#build();
  }

  get truth(): ArenaMirror {
    return this.#house.truth;
  }

  get loop(): ShardLoop {
    return this.#house.loop;
  }

  get gateway(): Gateway {
    return this.#house.gateway;
  }

  /** A player who has been here before. */
  keep(playerId: string, state: Uint8Array): void {
    this.#kept.set(playerId, state);
    this.storage.kept.set(playerId, state);
    this.#house.journal.keep(playerId, state);
  }

  connect(playerId: string, viewport: ViewportSize): FuzzClient {
    const { gateway, truth, ledger, storage } = this;
    const answered = (result: ActionResult) => ledger.told(playerId, result, storage.answers);
    const welcomed = ({ resumeToken }: Welcome) => {
      const kept = storage.tokens.get(playerId);
      expect(kept, `the token of ${playerId} in the database`).toBe(hashPaperToken(resumeToken));
    };
    const client = new FuzzClient({ playerId, gateway, truth, viewport, answered, welcomed });
    this.clients.push(client);
    return client;
  }

  /** A ticket as `verifyTicket` reads it. */
  makeTicket(id: string, playerId: string, name: string): string {
    return JSON.stringify({ id, playerId, name, expiresMs: 0 });
  }

  /** Ends the checks of all tickets that were shown, and lets their hellos go on. */
  async checkTickets(): Promise<void> {
    const checks = this.#ticketChecks;
    this.#ticketChecks = [];
    for (const finish of checks) finish();
    // A hello goes on in a microtask that its check has queued before this one.
    await Promise.resolve();
  }

  tick(): void {
    this.clock.advance(1_000 / this.#parameters.tickRate);
    this.loop.runTick(this.clock.monotonicMs());
    this.clients = this.clients.filter((client) => client.isOpen);
  }

  /** Kills the process while storage is about to do `count` more things, and starts another. */
  crash(count: number): void {
    this.storage.crash(count);
    for (const client of this.clients) client.isOpen = false;
    this.clients = [];
    this.#ticketChecks = [];
    this.#house = this.#build();
  }

  /** A process that starts with what storage has. */
  #build(): House {
    const { tickRate, seed } = this.#parameters;
    const truth = new ArenaMirror(this.#start);
    const world = arenaFactory.restore(this.#start, { tickRate, seed, capacity: this.capacity });
    const journal = new JournalChecker(truth);
    for (const [playerId, state] of this.#kept) journal.keep(playerId, state);
    const last = this.storage.journal.at(-1);
    for (const record of this.storage.journal) {
      journal.take(record);
      world.replay(record.inputs, record !== last);
    }
    truth.commit(world.tick);
    truth.show();
    const show = world.show.bind(world);
    world.show = (committedTick) => {
      truth.show();
      show(committedTick);
    };
    const gateway = this.#openGateway();
    const loop = this.#openLoop(world, gateway);
    return { truth, world, journal, gateway, loop };
  }

  #openGateway(): Gateway {
    return new Gateway({
      clock: this.clock,
      inbox: (message) => this.loop.inbox.push(message),
      command: (connection, frame) => {
        const message = decodeCommand(frame);
        this.loop.inbox.push({ kind: "command", connection, message });
        return true;
      },
      verifyTicket: (ticket) => this.#verify(ticket),
      hashToken: hashPaperToken,
      randomUint32: () => 7,
      messagesPerSecondMax: Number.MAX_SAFE_INTEGER,
      metrics: SILENT_METRICS,
    });
  }

  #openLoop(world: ShardWorld, gateway: Gateway): ShardLoop {
    const { clock, storage } = this;
    return new ShardLoop({
      shardKey: "arena:1:eu-west-1",
      world,
      clock,
      output: {
        control: (message) => gateway.control(message),
        hasRoom: () => true,
        publish: (publication) => gateway.publish(publication),
        tell: (connections, frame) => this.gateway.tell(connections, frame),
        ticked: (tick, intendedMs) => {
          for (const client of [...this.clients, ...this.visitors]) client.heard();
          gateway.ticked(tick, intendedMs);
        },
      },
      storage: {
        uncommittedTicks: 0,
        load: (request) => storage.load(request),
        commit: (record) => this.#commit(record),
        isSavingSnapshot: false,
        snapshot: (state) => {
          this.#compare(new ArenaMirror(state.snapshot()).hash(), "its snapshot");
        },
      },
      tokens: this.#tokens,
      sendIntervalTicks: Math.round(this.#parameters.tickRate / SENDS_PER_SECOND),
      isRestored: storage.journal.length > 0,
      savedTokens: storage.tokens,
    });
  }

  #verify(ticket: string): Promise<TicketResult> {
    return new Promise((resolve) => {
      this.#ticketChecks.push(() => resolve({ ok: true, ticket: JSON.parse(ticket) }));
    });
  }

  #commit(record: TickRecord): void {
    const before = this.truth.entities();
    this.#house.journal.take(record);
    this.#compare(this.truth.hash(), "the replay of its journal");
    // One who left in this tick may have been given something before.
    const inTick = [...before, ...this.truth.entities()];
    const players = new Map(inTick.map(([playerId, entity]) => [entity, playerId]));
    this.ledger.note(record, (entity) => players.get(entity));
    this.storage.commit(record);
  }

  #compare(hash: string, what: string): void {
    if (hash !== this.#house.world.hash()) throw new Error(`the world is not the same as ${what}`);
  }
}
