import { RESUME_WINDOW_MS } from "#shared/net/protocol.ts";
import type { ShardWorld } from "../world/shard-world.ts";
import type { WorldEffects } from "../world/world-effects.ts";
import type { Answers } from "./answers.ts";
import {
  type Closing,
  FULL,
  LEFT,
  REPLACED,
  RESUME_EXPIRED,
  REVOKED,
  TICKET_USED,
} from "./closings.ts";
import type { ConnectionId } from "./connection-id.ts";
import type {
  BusInboxMessage,
  DurableAnswer,
  GatewayMessage,
  LoadedMessage,
  LoadRequest,
  LoopOutput,
  LoopStorage,
  TickRecord,
  ViewportSize,
} from "./messages.ts";
import type { OutputGate } from "./output-gate.ts";
import type { Session, Sessions } from "./sessions.ts";
import { isVisitor } from "./visitors.ts";

export interface ResumeTokens {
  /** A new unguessable token, which tells the login when it comes back. */
  make(loginId: string | undefined): string;
  hash(token: string): string;
}

/** Told of each login that lets a player in. */
export type EnteredLogin = (playerId: string, loginId: string) => void;

export interface AdmissionOptions {
  world: ShardWorld;
  sessions: Sessions;
  output: LoopOutput;
  gate: OutputGate;
  answers: Answers;
  storage: LoopStorage;
  tokens: ResumeTokens;
  entered: EnteredLogin;
  sendIntervalTicks: number;
}

interface PendingJoin {
  connection: ConnectionId;
  playerId: string;
  loginId: string | undefined;
  name: string;
  /** The name that the queued join carries; undefined before. */
  queuedName: string | undefined;
  viewport: ViewportSize;
  /** What its durable actions led to. */
  answers: readonly DurableAnswer[];
  /** The player left the world while being loaded: what was loaded is too old. */
  stale: boolean;
}

type ResumeMessage = Extract<GatewayMessage, { kind: "resume" }>;

/**
 * Who comes and goes: joins, resumes, cuts, leaves and revocations. It queues what concerns the
 * world as inputs and learns from the step's effects what became of them.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  /** Joins whose player is being loaded, by connection. */
  readonly #loading = new Map<ConnectionId, PendingJoin>();
  /** Resumes of players whose answers are being loaded, by connection. */
  readonly #resuming = new Map<ConnectionId, ResumeMessage>();
  /** Joins that this tick's step decides, by player. */
  readonly #joining = new Map<string, PendingJoin>();
  /** Loads that wait for the end of the tick, by connection. */
  readonly #loads = new Map<ConnectionId, LoadRequest>();
  /** By player, since the last record. */
  readonly #changedTokens = new Map<string, string | undefined>();
  /** Entities whose halt is queued for the next step. */
  readonly #halted = new Set<number>();
  #nextGroup = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  join(message: Extract<GatewayMessage, { kind: "join" }>): void {
    const { connection, playerId, name, viewport, ticketId, ticketExpiresMs } = message;
    this.#loading.set(connection, {
      connection,
      playerId,
      loginId: message.loginId,
      name,
      viewport,
      queuedName: undefined,
      answers: [],
      stale: false,
    });
    if (isVisitor(playerId)) {
      this.loaded({ kind: "loaded", connection, ticketFresh: true, state: undefined, answers: [] });
      return;
    }
    const ticket = { id: ticketId, expiresMs: ticketExpiresMs };
    this.#loads.set(connection, { connection, playerId, ticket });
  }

  loaded(message: LoadedMessage): void {
    this.#loadedAnswers(message);
    const pending = this.#loading.get(message.connection);
    if (pending === undefined) return; // The client went away while its player was loaded.
    const { playerId, name } = pending;
    // One whose leave is queued is kept only with this tick: what was loaded is too old as well.
    const stale = pending.stale || this.#options.sessions.ofPlayer(playerId)?.leaving === true;
    if (stale && message.ticketFresh) {
      pending.stale = false;
      const { connection } = message;
      this.#loads.set(connection, { connection, playerId, ticket: undefined });
      return;
    }
    this.#loading.delete(message.connection);
    if (!message.ticketFresh) {
      this.#close(pending.connection, TICKET_USED);
      return;
    }
    const rival = this.#joining.get(playerId);
    if (rival !== undefined) this.#close(rival.connection, REPLACED);
    else this.#options.world.inputs.join({ playerId, name, restored: message.state });
    pending.answers = message.answers;
    pending.queuedName = rival?.queuedName ?? name;
    this.#joining.set(playerId, pending);
  }

  resume(message: ResumeMessage): void {
    const { connection } = message;
    const session = this.#options.sessions.ofToken(message.tokenHash);
    if (session === undefined || session.leaving) {
      this.#close(connection, RESUME_EXPIRED);
    } else if (session.knowsAnswers) {
      this.#enter(session, message, true);
    } else {
      this.#resuming.set(connection, message);
      this.#loads.set(connection, { connection, playerId: session.playerId, ticket: undefined });
    }
  }

  leave(connection: ConnectionId): void {
    const session = this.#options.sessions.ofConnection(connection);
    if (session === undefined || this.isJoining(session.playerId)) {
      // A join that is queued already takes the entity over: this connection has lost it.
      this.#close(connection, LEFT);
      if (session !== undefined) this.#options.sessions.detach(session, 0);
      return;
    }
    this.#remove(session, LEFT);
  }

  revoke({ playerId, loginId, reason }: Extract<BusInboxMessage, { kind: "revoke" }>): void {
    const closing = { ...REVOKED, message: reason === "" ? REVOKED.message : reason };
    this.#dismiss(playerId, closing, loginId);
  }

  /** The player goes on at another shard: as when it joins from elsewhere, and gone from here. */
  moved(playerId: string): void {
    this.#dismiss(playerId, REPLACED);
  }

  /** The player goes by another name, also when it is only just coming in. */
  rename(playerId: string, name: string): void {
    for (const pending of [...this.#loading.values(), ...this.#joining.values()]) {
      if (pending.playerId === playerId) pending.name = name;
    }
    const session = this.#options.sessions.ofPlayer(playerId);
    if (session !== undefined) this.#options.world.inputs.rename(session.entity, name);
  }

  /** The socket is gone: the player stands still and has 30 s to come back; a visitor leaves. */
  lost(connection: ConnectionId, wakingMs: number): void {
    // While the world stands still, any number of clients may come and go.
    this.#loading.delete(connection);
    this.#resuming.delete(connection);
    this.#loads.delete(connection);
    this.#options.gate.drop(connection);
    for (const [playerId, pending] of this.#joining) {
      if (pending.connection !== connection) continue;
      if (isVisitor(playerId)) this.#joining.delete(playerId);
      else this.#joining.set(playerId, { ...pending, connection: 0 });
    }
    const session = this.#options.sessions.ofConnection(connection);
    if (session === undefined) return;
    this.#keepToken(session);
    this.#options.sessions.detach(session, wakingMs);
    if (isVisitor(session.playerId)) this.#remove(session, LEFT);
    else this.#halt(session.entity);
  }

  /** Ends sessions whose player did not come back, unless one is about to. */
  expire(wakingMs: number): void {
    const { sessions, world } = this.#options;
    for (const session of sessions.away()) {
      if (session.leaving) continue;
      if (wakingMs - session.awaySinceMs < RESUME_WINDOW_MS) continue;
      if (this.#isComing(session.playerId)) continue;
      session.leaving = true;
      world.inputs.leave(session.entity);
    }
  }

  /** Acts on what a step did to players. */
  settle(effects: WorldEffects, wakingMs: number): void {
    const { sessions, output } = this.#options;
    this.#halted.clear();
    for (const { entity, playerId } of effects.departed) {
      for (const pending of this.#loading.values()) {
        if (pending.playerId === playerId) pending.stale = true;
      }
      const session = sessions.ofEntity(entity);
      if (session === undefined) continue;
      this.#noteToken(session.playerId, undefined);
      this.#options.answers.forget(session.playerId);
      sessions.remove(session);
    }
    for (const { playerId, entity } of effects.joined) {
      const gone = effects.departed.some((departed) => departed.entity === entity);
      if (!gone) this.#admit(playerId, entity, wakingMs);
    }
    for (const { playerId } of effects.refused) {
      const pending = this.#joining.get(playerId);
      if (pending !== undefined) this.#close(pending.connection, FULL);
      this.#joining.delete(playerId);
    }
    for (const { entity, sequence, reason } of effects.rejections) {
      const session = sessions.ofEntity(entity);
      if (session === undefined || session.connection === 0) continue;
      output.control({ kind: "reject", connection: session.connection, sequence, reason });
    }
  }

  /** Whether a join of the player is among this tick's inputs. */
  isJoining(playerId: string): boolean {
    return this.#joining.has(playerId);
  }

  /** Asks for the players who join; after the tick's commit, so that what it wrote is found. */
  sendLoads(): void {
    for (const request of this.#loads.values()) this.#options.storage.load(request);
    this.#loads.clear();
  }

  /** Resume tokens that changed since the last call, for the journal. */
  takeTokens(): TickRecord["sessions"] {
    if (this.#changedTokens.size === 0) return [];
    const changed = Array.from(this.#changedTokens, ([playerId, tokenHash]) => {
      return { playerId, tokenHash };
    });
    this.#changedTokens.clear();
    return changed;
  }

  /** What a player did before a restart is known again: it may come back, if it still can. */
  #loadedAnswers({ connection, answers }: LoadedMessage): void {
    const message = this.#resuming.get(connection);
    if (message === undefined) return;
    this.#resuming.delete(connection);
    const session = this.#options.sessions.ofToken(message.tokenHash);
    if (session !== undefined && !session.knowsAnswers) {
      session.knowsAnswers = true;
      this.#options.answers.remember(session.playerId, answers);
    }
    this.resume(message);
  }

  #admit(playerId: string, entity: number, wakingMs: number): void {
    const { sessions, world, answers } = this.#options;
    const pending = this.#joining.get(playerId);
    this.#joining.delete(playerId);
    answers.remember(playerId, pending?.answers ?? []);
    const session = sessions.ofPlayer(playerId) ?? sessions.add(playerId, entity, wakingMs);
    session.knowsAnswers ||= pending !== undefined;
    // Nobody waits for the join any more: the player was revoked in the same tick.
    session.leaving = pending === undefined;
    if (pending === undefined) {
      world.inputs.leave(entity);
      return;
    }
    if (pending.name !== pending.queuedName) world.inputs.rename(entity, pending.name);
    if (pending.connection === 0) {
      if (session.connection === 0) session.awaySinceMs = wakingMs;
      this.#halt(entity);
      return; // It went away in the meantime; the session waits for it.
    }
    this.#enter(session, pending, false);
  }

  #enter(
    session: Session,
    client: { connection: ConnectionId; loginId?: string | undefined; viewport: ViewportSize },
    resumed: boolean,
  ): void {
    const { sessions, gate, world, tokens, sendIntervalTicks } = this.#options;
    if (session.connection !== 0) this.#close(session.connection, REPLACED);
    sessions.attach(session, client.connection);
    session.viewport = client.viewport;
    session.loginId = client.loginId;
    if (client.loginId !== undefined) this.#options.entered(session.playerId, client.loginId);
    session.reset = true;
    session.group = this.#nextGroup++ % sendIntervalTicks;
    session.commandTick = 0;
    if (session.enteredTick <= gate.committedTick) session.tokenHashBefore = session.tokenHash;
    session.enteredTick = gate.recordTick;
    const resumeToken = tokens.make(client.loginId);
    const tokenHash = tokens.hash(resumeToken);
    sessions.setToken(session, tokenHash);
    this.#noteToken(session.playerId, tokenHash);
    gate.hold({
      kind: "welcome",
      connection: client.connection,
      entity: session.entity,
      resumeToken,
      sequence: world.sequenceOf(session.entity),
      tick: world.tick,
      sendIntervalTicks,
      resumed,
      world: world.welcome(),
    });
  }

  /** A client that went away before its welcome was out has only the token that it came with. */
  #keepToken(session: Session): void {
    const { sessions, gate } = this.#options;
    const { playerId, enteredTick, tokenHashBefore } = session;
    if (enteredTick <= gate.committedTick || tokenHashBefore === undefined) return;
    sessions.setToken(session, tokenHashBefore);
    this.#noteToken(playerId, tokenHashBefore);
  }

  /** With a login, only what that one let in. */
  #dismiss(playerId: string, closing: Closing, loginId?: string): void {
    const isMeant = (one: { loginId?: string | undefined }) =>
      loginId === undefined || one.loginId === loginId;
    const session = this.#options.sessions.ofPlayer(playerId);
    for (const pending of [...this.#loading.values()]) {
      if (pending.playerId !== playerId || !isMeant(pending)) continue;
      this.#loading.delete(pending.connection);
      this.#close(pending.connection, closing);
    }
    for (const message of [...this.#resuming.values()]) {
      if (session?.tokenHash !== message.tokenHash || !isMeant(message)) continue;
      this.#resuming.delete(message.connection);
      this.#close(message.connection, closing);
    }
    const joining = this.#joining.get(playerId);
    if (joining !== undefined && isMeant(joining)) {
      this.#close(joining.connection, closing);
      // The join itself is queued already: without a connection waiting for it, it is undone.
      this.#joining.delete(playerId);
    }
    if (session === undefined || !isMeant(session)) return;
    if (!this.#joining.has(playerId)) {
      this.#remove(session, closing);
      return;
    }
    // The join of another login is queued, and takes the entity over.
    this.#close(session.connection, closing);
    this.#options.sessions.detach(session, 0);
  }

  #remove(session: Session, closing: Closing): void {
    if (session.connection !== 0) this.#close(session.connection, closing);
    this.#options.sessions.detach(session, 0);
    this.#options.sessions.setToken(session, undefined);
    if (session.leaving) return;
    session.leaving = true;
    this.#options.world.inputs.leave(session.entity);
  }

  #isComing(playerId: string): boolean {
    if (this.isJoining(playerId)) return true;
    for (const pending of this.#loading.values()) if (pending.playerId === playerId) return true;
    const tokenHash = this.#options.sessions.ofPlayer(playerId)?.tokenHash;
    for (const message of this.#resuming.values()) if (message.tokenHash === tokenHash) return true;
    return false;
  }

  #halt(entity: number): void {
    if (!this.#halted.has(entity)) this.#options.world.inputs.halt(entity);
    this.#halted.add(entity);
  }

  #noteToken(playerId: string, tokenHash: string | undefined): void {
    if (!isVisitor(playerId)) this.#changedTokens.set(playerId, tokenHash);
  }

  #close(connection: ConnectionId, closing: Closing): void {
    if (connection === 0) return;
    this.#options.output.control({ kind: "close", connection, closing });
  }
}
