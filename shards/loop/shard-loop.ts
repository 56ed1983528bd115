import type { Clock } from "#shared/time/clock.ts";
import { WakingTime } from "#shared/time/waking-time.ts";
import { ChatDesk } from "../chat/chat-desk.ts";
import type { ChatServer } from "../chat/chat-server.ts";
import type { ShardWorld } from "../world/shard-world.ts";
import { ActionFigures } from "./action-figures.ts";
import { Admission, type EnteredLogin, type ResumeTokens } from "./admission.ts";
import { Answers } from "./answers.ts";
import { CommandQueue, type QueuedCommand } from "./command-queue.ts";
import type { ConnectionId } from "./connection-id.ts";
import { Inbox } from "./inbox.ts";
import { rectContains } from "./interest.ts";
import { tellKills } from "./kills.ts";
import type { InboxMessage, LoopOutput, LoopStorage } from "./messages.ts";
import { Notices } from "./notices.ts";
import { OutputGate } from "./output-gate.ts";
import type { PressureLevel } from "./pressure.ts";
import { Publisher } from "./publisher.ts";
import { type Session, Sessions } from "./sessions.ts";
import { StorageHealth, type StorageState } from "./storage-health.ts";
import { isVisitor } from "./visitors.ts";

/** Seconds between two snapshots. */
const SNAPSHOT_SECONDS = 10;
/** So much between two ticks counts against those who are away; after a standstill, no more. */
const WAKING_STEP_MS_MAX = 1_000;

/** Players with the hash of the resume token of each, once. */
export type SavedTokens = Iterable<readonly [playerId: string, tokenHash: string]>;

export interface ShardLoopOptions {
  /** worldId:instanceId:region */
  shardKey: string;
  world: ShardWorld;
  clock: Clock;
  output: LoopOutput;
  storage: LoopStorage;
  tokens: ResumeTokens;
  /** A login let a player in; it may have ended by now. */
  entered?: EnteredLogin;
  /** Decides on what players say; without it nobody speaks. */
  chat?: ChatServer | undefined;
  /** Ticks between two frames to one client. */
  sendIntervalTicks: number;
  /** The world was there before: of its last process, ticks may have been shown that are lost. */
  isRestored?: boolean;
  /** Resume tokens' hashes that survived a restart, by player. */
  savedTokens?: SavedTokens;
  /** A tick was committed so long after it was handed to storage. */
  measured?: (latencyMs: number) => void;
}

/**
 * A shard's authoritative loop. It owns the world and touches no socket and no disk: messages come
 * in through the inbox, frames and journal records go out through `output` and `storage`. What a
 * tick has for clients goes out when storage says that the tick is committed; `OutputGate` tells
 * what happens when that takes long.
 */
export class ShardLoop {
  readonly inbox = new Inbox();
  /** What players say to each other. */
  readonly chat: ChatDesk;
  readonly #options: ShardLoopOptions;
  readonly #world: ShardWorld;
  readonly #sessions = new Sessions();
  readonly #commands = new CommandQueue();
  readonly #admission: Admission;
  readonly #publisher: Publisher;
  #snapshotDue = false;
  readonly #gate: OutputGate;
  readonly #answers: Answers;
  readonly #health: StorageHealth;
  readonly #notices: Notices;
  /** By which sessions end: a process that stood still could let nobody back in. */
  readonly #waking: WakingTime;
  #publishedTick: number;
  /** Whether the last frames went out before their tick's commit. */
  isAhead = false;
  #isTicking = false;
  /** Commands that came while the world stood still. */
  refusedCommands = 0;
  /** What the rules said to all others. */
  readonly actions = new ActionFigures();

  constructor(options: ShardLoopOptions) {
    const { world, output, storage, tokens, sendIntervalTicks } = options;
    const sessions = this.#sessions;
    this.#options = options;
    this.#world = world;
    const nowMs = options.clock.monotonicMs();
    this.#waking = new WakingTime({ nowMs, stepMsMax: WAKING_STEP_MS_MAX });
    this.#publishedTick = world.tick;
    this.#answers = new Answers(output);
    this.#health = new StorageHealth(world.tickRate);
    this.#gate = new OutputGate({
      output,
      committedTick: world.tick,
      measured: options.measured ?? (() => undefined),
      welcomed: ({ connection }) => this.#welcomed(connection),
    });
    const isWelcomed = ({ enteredTick }: Session) => enteredTick <= this.#gate.committedTick;
    this.#notices = new Notices({ sessions, output, isWelcomed });
    const { clock, chat: server } = options;
    this.chat = new ChatDesk({ clock, world, sessions, output, isWelcomed, server });
    this.#admission = new Admission({
      world,
      sessions,
      output,
      gate: this.#gate,
      answers: this.#answers,
      storage,
      tokens,
      entered: options.entered ?? (() => undefined),
      sendIntervalTicks,
    });
    this.#publisher = new Publisher({ world, sessions, output, sendIntervalTicks });
    if (options.isRestored === true) world.inputs.restart();
    this.#restoreSessions(options.savedTokens ?? []);
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

  has(playerId: string): boolean {
    return this.#sessions.ofPlayer(playerId) !== undefined;
  }

  /** The logins by which those in the world came in, as far as they are known. */
  *logins(): Iterable<{ playerId: string; loginId: string }> {
    for (const { playerId, loginId } of this.#sessions.all()) {
      if (loginId !== undefined) yield { playerId, loginId };
    }
  }

  /** Everybody with an account who is in the world. */
  *present(): Iterable<{ playerId: string; entity: number; connected: boolean }> {
    for (const { playerId, entity, connection } of this.#sessions.all()) {
      if (!isVisitor(playerId)) yield { playerId, entity, connected: connection !== 0 };
    }
  }

  /** Commands dropped at the bounds of inbox and queue. */
  get droppedCommands(): number {
    return this.inbox.droppedTotal + this.#commands.droppedTotal;
  }

  /** Turns that clients missed because their gateway was behind. */
  get missedTurns(): number {
    return this.#publisher.missedTurns;
  }

  /** Frames that went out before their tick's commit. */
  get framesAhead(): number {
    return this.#publisher.framesAhead;
  }

  /** Last tick that is in the database. */
  get committedTick(): number {
    return this.#gate.committedTick;
  }

  /** Durable actions without an answer. */
  get unansweredActions(): number {
    return this.#answers.waiting;
  }

  /** Ticks that are not in the database yet. */
  get uncommittedTicks(): number {
    return this.#world.tick - this.#gate.committedTick;
  }

  /** How well the database keeps up. */
  get storageState(): StorageState {
    return this.#health.state;
  }

  /**
   * Runs one tick, given when it was meant to start. Its frames follow with its commit, at the
   * latest with the next tick; at once while an earlier tick waits for the disk.
   */
  runTick(intendedMs: number): void {
    this.#publish();
    this.#isTicking = true;
    this.#health.look(this.uncommittedTicks);
    this.#notices.tell(this.#health.state, this.#world.tick);
    this.#gate.recordTick = this.#world.tick + 1;
    const nowMs = this.#options.clock.monotonicMs();
    const wakingMs = this.#waking.look(nowMs);
    for (const message of this.inbox.take()) this.#handle(message, wakingMs);
    this.#admission.expire(wakingMs);
    this.chat.turn();
    if (this.#health.state !== "stalled") this.#step(nowMs, wakingMs);
    this.#options.output.ticked(this.#world.tick, intendedMs);
    this.#isTicking = false;
    this.#letOut();
    if (this.uncommittedTicks > 1) this.#publish();
  }

  /** Storage has all up to that tick in the database; what waited for it goes out. */
  committed(tick: number): void {
    this.#gate.committed(tick, this.#options.clock.monotonicMs());
    if (!this.#isTicking) this.#letOut();
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

  #step(nowMs: number, wakingMs: number): void {
    const { storage, clock, shardKey } = this.#options;
    this.#commands.release(this.#world.tick + 1, (command) => this.#apply(command));
    const inputs = this.#world.step();
    const { tick, tickRate, effects } = this.#world;
    this.actions.count(effects);
    const answers = this.#answers.decide(effects.outcomes, tick);
    this.#admission.settle(effects, wakingMs);
    for (const entity of effects.earners) {
      const session = this.#sessions.ofEntity(entity);
      if (session !== undefined) session.earnedTick = tick;
    }
    for (const { playerId } of effects.departed) {
      if (!this.has(playerId)) this.chat.forget(playerId);
    }
    const sessions = this.#admission.takeTokens();
    const departed = effects.departed.filter(({ playerId }) => !isVisitor(playerId));
    const stateHash = tick % tickRate === 0 ? this.#world.hash() : undefined;
    const outbox = tellKills(effects.kills, { shardKey, tick, wallMs: clock.wallMs() });
    this.#gate.handed(tick, nowMs);
    storage.commit({ tick, inputs, departed, sessions, answers, outbox, stateHash });
    this.#admission.sendLoads();
    this.#world.observe();
  }

  #letOut(): void {
    this.#gate.release(this.#world.tick);
    this.#answers.release(this.#gate.committedTick);
    if (this.uncommittedTicks === 0) this.#publish();
  }

  /** The frames of the last tick, once. */
  #publish(): void {
    const { tick, tickRate } = this.#world;
    if (this.#publishedTick === tick) return;
    this.#publishedTick = tick;
    this.isAhead = this.uncommittedTicks > 0;
    this.#publisher.publish(this.#gate.committedTick);
    if (tick % (SNAPSHOT_SECONDS * tickRate) === 0) this.#snapshotDue = true;
    if (this.#snapshotDue && !this.#options.storage.isSavingSnapshot) this.saveSnapshot();
  }

  #welcomed(connection: ConnectionId): void {
    const session = this.#sessions.ofConnection(connection);
    if (session === undefined) return;
    this.#notices.welcomed(session);
    this.chat.ask(session.playerId);
  }

  #handle(message: InboxMessage, wakingMs: number): void {
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
        this.#admission.lost(message.connection, wakingMs);
        break;
      case "revoke":
        this.#admission.revoke(message);
        break;
      case "moved":
        this.#admission.moved(message.playerId);
        break;
      case "rename":
        this.#admission.rename(message.playerId, message.name);
        this.chat.ask(message.playerId);
        break;
      case "say":
        this.chat.say(message);
        break;
      case "said":
        this.chat.hear(message);
        break;
      case "standing":
        this.chat.ask(message.playerId);
        break;
      case "announce":
        this.#notices.announce(message.message);
        break;
      case "resync":
        this.#resync(message.connection, message.cells);
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

  /**
   * Once a second, since all who watch the cells get them; and only what the client watches itself,
   * as others' cells are none of its business.
   */
  #resync(connection: ConnectionId, cells: readonly number[]): void {
    const session = this.#sessions.ofConnection(connection);
    const { tick, tickRate, grid } = this.#world;
    if (session === undefined || tick - session.resyncTick < tickRate) return;
    session.resyncTick = tick;
    const { columns } = grid;
    for (const cell of cells) {
      const row = Math.floor(cell / columns);
      if (rectContains(session.watched, cell % columns, row)) this.#world.healCell(cell);
    }
  }

  #queue(message: Extract<InboxMessage, { kind: "command" }>): void {
    const session = this.#sessions.ofConnection(message.connection);
    if (session === undefined) return;
    const command = message.message;
    const isDurable = this.#world.inputs.isDurable(command);
    if (isDurable) {
      // What is new waits for its tick, also while the world stands still.
      if (!this.#answers.receive(session, command, this.#gate.committedTick)) return;
    } else if (this.#health.state === "stalled") {
      this.refusedCommands += 1;
      return;
    }
    if (this.#commands.push(session, command, this.#world.tick + 1) || !isDurable) return;
    // Sent again, it is as good as new.
    this.#answers.cancel(session.playerId, session.connection, command);
  }

  #apply({ session, connection, message }: QueuedCommand): void {
    const { playerId, leaving, entity } = session;
    const isDurable = this.#world.inputs.isDurable(message);
    // A join that is queued starts the sequence anew: an old command must not come after it.
    if (session.connection !== connection || leaving || this.#admission.isJoining(playerId)) {
      if (isDurable) this.#answers.cancel(playerId, connection, message);
      return;
    }
    if (isDurable && !this.#answers.apply(session, message)) return;
    this.#world.inputs.command(entity, message);
  }

  /** After a restart every player of the world waits for a resume, standing still; visitors go. */
  #restoreSessions(tokens: SavedTokens): void {
    // However long the shard was gone, they have the whole time from now on.
    const wakingMs = this.#waking.look(this.#options.clock.monotonicMs());
    for (const { playerId, entity } of this.#world.players()) {
      if (isVisitor(playerId)) {
        this.#world.inputs.leave(entity);
        continue;
      }
      this.#sessions.add(playerId, entity, wakingMs);
    }
    for (const [playerId, tokenHash] of tokens) {
      const session = this.#sessions.ofPlayer(playerId);
      if (session !== undefined) this.#sessions.setToken(session, tokenHash);
    }
  }
}
