import type { Clock } from "#shared/time/clock.ts";
import type { ShardWorld } from "../world/shard-world.ts";
import { Admission, type ResumeTokens } from "./admission.ts";
import { CommandQueue, type QueuedCommand } from "./command-queue.ts";
import { Inbox } from "./inbox.ts";
import type { InboxMessage, LoopOutput, LoopStorage } from "./messages.ts";
import type { PressureLevel } from "./pressure.ts";
import { Publisher } from "./publisher.ts";
import { Sessions } from "./sessions.ts";
import { isVisitor } from "./visitors.ts";

/** Seconds between two snapshots. */
const SNAPSHOT_SECONDS = 10;

export interface ShardLoopOptions {
  world: ShardWorld;
  clock: Clock;
  output: LoopOutput;
  storage: LoopStorage;
  tokens: ResumeTokens;
  /** Ticks between two frames to one client. */
  sendIntervalTicks: number;
  /** Resume tokens' hashes that survived a restart, by player. */
  savedTokens?: ReadonlyMap<string, string>;
}

/**
 * A shard's authoritative loop. It owns the world and touches no socket and no disk: messages come
 * in through the inbox, frames and journal records go out through `output` and `storage`.
 */
export class ShardLoop {
  readonly inbox = new Inbox();
  readonly #options: ShardLoopOptions;
  readonly #world: ShardWorld;
  readonly #sessions = new Sessions();
  readonly #commands = new CommandQueue();
  readonly #admission: Admission;
  readonly #publisher: Publisher;
  #snapshotDue = false;

  constructor(options: ShardLoopOptions) {
    const { world, output, storage, tokens, sendIntervalTicks } = options;
    const sessions = this.#sessions;
    this.#options = options;
    this.#world = world;
    this.#admission = new Admission({
      world,
      sessions,
      output,
      storage,
      tokens,
      sendIntervalTicks,
    });
    this.#publisher = new Publisher({ world, sessions, output, sendIntervalTicks });
    this.#restoreSessions(options.savedTokens ?? new Map());
  }

  /** Players in the world. */
  get population(): number {
    return this.#world.population;
  }

  get tick(): number {
    return this.#world.tick;
  }

  /** Players with a connection. */
  get connected(): number {
    return this.#sessions.connected;
  }

  /** Commands dropped at the bounds of inbox and queue. */
  get droppedCommands(): number {
    return this.inbox.droppedTotal + this.#commands.droppedTotal;
  }

  /** Turns that clients missed because their gateway was behind. */
  get missedTurns(): number {
    return this.#publisher.missedTurns;
  }

  /** Runs one tick, given when it was meant to start. */
  runTick(intendedMs: number): void {
    const { clock, storage, output } = this.#options;
    const nowMs = clock.monotonicMs();
    for (const message of this.inbox.take()) this.#handle(message, nowMs);
    this.#admission.expire(nowMs);
    this.#commands.release(this.#world.tick + 1, (command) => this.#apply(command));
    const inputs = this.#world.step();
    const { tick, tickRate, effects } = this.#world;
    this.#admission.settle(effects, nowMs);
    const sessions = this.#admission.takeTokens();
    const departed = effects.departed.filter(({ playerId }) => !isVisitor(playerId));
    const stateHash = tick % tickRate === 0 ? this.#world.hash() : undefined;
    const lasting = { departed, sessions, answers: [], outbox: [], stateHash };
    storage.commit({ tick, inputs, ...lasting });
    this.#admission.sendLoads();
    this.#world.observe();
    output.ticked(tick, intendedMs);
    this.#publisher.publish();
    if (tick % (SNAPSHOT_SECONDS * tickRate) === 0) this.#snapshotDue = true;
    if (this.#snapshotDue && !storage.isSavingSnapshot) this.saveSnapshot();
  }

  /** Hands the state between two ticks to storage. */
  saveSnapshot(): void {
    this.#snapshotDue = false;
    this.#options.storage.snapshot(this.#world);
  }

  /** How far beyond its means the shard is: clients get fewer frames from the next tick on. */
  setPressure(pressure: PressureLevel): void {
    this.#publisher.setPressure(pressure);
  }

  #handle(message: InboxMessage, nowMs: number): void {
    switch (message.kind) {
      case "command":
        this.#queue(message);
        break;
      case "join":
        this.#admission.join(message);
        break;
      case "loaded":
        this.#admission.loaded(message);
        break;
      case "resume":
        this.#admission.resume(message);
        break;
      case "leave":
        this.#admission.leave(message.connection);
        break;
      case "lost":
        this.#admission.lost(message.connection, nowMs);
        break;
      case "revoke":
        this.#admission.revoke(message.playerId, message.reason);
        break;
      case "moved":
        this.#admission.moved(message.playerId);
        break;
      case "rename":
        this.#admission.rename(message.playerId, message.name);
        break;
      case "viewport":
      case "lostBase":
      case "congestion":
        this.#adjust(message);
        break;
    }
  }

  #adjust(message: Extract<InboxMessage, { kind: "viewport" | "lostBase" | "congestion" }>): void {
    const session = this.#sessions.ofConnection(message.connection);
    if (session === undefined) return;
    if (message.kind === "viewport") {
      session.viewport = message.viewport;
    } else if (message.kind === "congestion") {
      session.congestion = message.level;
    } else {
      session.reset = true;
      session.watched.left = session.watched.right = 0;
    }
  }

  #queue(message: Extract<InboxMessage, { kind: "command" }>): void {
    const session = this.#sessions.ofConnection(message.connection);
    if (session === undefined) return;
    this.#commands.push(session, message.message, this.#world.tick + 1);
  }

  #apply({ session, connection, message }: QueuedCommand): void {
    if (session.connection !== connection || session.leaving) return;
    // The join that is queued starts the sequence anew: an old command must not come after it.
    if (this.#admission.isJoining(session.playerId)) return;
    this.#world.queueCommand(session.entity, message);
  }

  /** After a restart every player of the world waits for a resume, standing still; visitors go. */
  #restoreSessions(tokens: ReadonlyMap<string, string>): void {
    const nowMs = this.#options.clock.monotonicMs();
    for (const { playerId, entity } of this.#world.players()) {
      if (isVisitor(playerId)) {
        this.#world.queueLeave(entity);
        continue;
      }
      const session = this.#sessions.add(playerId, entity, nowMs);
      this.#sessions.setToken(session, tokens.get(playerId));
      this.#world.queueHalt(entity);
    }
  }
}
