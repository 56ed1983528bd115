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
  opened: count,
  gone: count,
  stalled: count,
  closed: count,
  refused: count,
};

/** A shard's loop, gateway and world under a clock by hand, with a mirror fed by its journal. */
export class FuzzShard {
  readonly clock = new FakeClock();
  readonly capacity: number;
  readonly truth: ArenaMirror;
  readonly loop: ShardLoop;
  readonly gateway: Gateway;
  readonly storage: StorageModel;
  /** All whose connection is open. */
  clients: FuzzClient[] = [];
  /** Whoever else must know what the loop has heard. */
  readonly visitors: { heard(): void }[] = [];
  readonly #world: ShardWorld;
  readonly #tickMs: number;
  readonly #journal: JournalChecker;
  #ticketChecks: (() => void)[] = [];

  constructor(parameters: ArenaParameters, capacity: number) {
    const { tickRate, seed } = parameters;
    this.capacity = capacity;
    this.#tickMs = 1_000 / tickRate;
    const start = encodeArenaSnapshot(createArena(parameters, { capacity }));
    this.#world = arenaFactory.restore(start, { tickRate, seed, capacity });
    this.truth = new ArenaMirror(start);
    this.#journal = new JournalChecker(this.truth);
    const show = this.#world.show.bind(this.#world);
    this.#world.show = (committedTick) => {
      this.truth.show();
      show(committedTick);
    };
    this.storage = new StorageModel({
      loaded: (message) => this.loop.inbox.push(message),
      committed: (tick) => {
        this.truth.commit(tick);
        this.loop.committed(tick);
      },
    });
    this.gateway = new Gateway({
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
    this.loop = new ShardLoop({
      shardKey: "arena:1:eu-west-1",
      world: this.#world,
      clock: this.clock,
      output: {
        control: (message) => this.gateway.control(message),
        hasRoom: () => true,
        publish: (publication) => this.gateway.publish(publication),
        ticked: (tick, intendedMs) => {
          for (const client of [...this.clients, ...this.visitors]) client.heard();
          this.gateway.ticked(tick, intendedMs);
        },
      },
      storage: {
        uncommittedTicks: 0,
        load: (request) => this.storage.load(request),
        commit: (record) => this.#commit(record),
        isSavingSnapshot: false,
        snapshot: (world) => {
          this.#compare(new ArenaMirror(world.snapshot()).hash(), "its snapshot");
        },
      },
      tokens: createPaperTokens(),
      sendIntervalTicks: Math.round(tickRate / SENDS_PER_SECOND),
    });
  }

  /** A player who has been here before. */
  keep(playerId: string, state: Uint8Array): void {
    this.storage.kept.set(playerId, state);
    this.#journal.keep(playerId, state);
  }

  connect(playerId: string, viewport: ViewportSize): FuzzClient {
    const { gateway, truth } = this;
    const client = new FuzzClient({ playerId, gateway, truth, viewport });
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
    this.clock.advance(this.#tickMs);
    this.loop.runTick(this.clock.monotonicMs());
    this.clients = this.clients.filter((client) => client.isOpen);
  }

  #verify(ticket: string): Promise<TicketResult> {
    return new Promise((resolve) => {
      this.#ticketChecks.push(() => resolve({ ok: true, ticket: JSON.parse(ticket) }));
    });
  }

  #commit(record: TickRecord): void {
    this.#journal.take(record);
    this.#compare(this.truth.hash(), "the replay of its journal");
    this.storage.commit(record);
  }

  #compare(hash: string, what: string): void {
    if (hash !== this.#world.hash()) throw new Error(`the world is not the same as ${what}`);
  }
}
