import type { ConnectionId } from "./connection-id.ts";
import { type CellRect, emptyRect } from "./interest.ts";
import type { ViewportSize } from "./messages.ts";
import type { StorageState } from "./storage-health.ts";
import { isVisitor } from "./visitors.ts";

/** A player in the world, connected or waiting for a resume. */
export interface Session {
  readonly playerId: string;
  readonly entity: number;
  /** 0 while the player is away. */
  connection: ConnectionId;
  /** When the connection was lost, in the shard's waking time; meaningless while there is one. */
  awaySinceMs: number;
  /** Of the token that resumes this session; undefined when none does. */
  tokenHash: string | undefined;
  /** Of the login that let the player in; undefined after a restart, until it resumes. */
  loginId: string | undefined;
  /** Of the token that did before the last welcome. */
  tokenHashBefore: string | undefined;
  /** The last welcome stands in this tick's record; before its commit nothing is sent. */
  enteredTick: number;
  viewport: ViewportSize;
  /** Cells that the client watches; nobody's own before there is one. */
  watched: CellRect;
  /** The next frame starts anew. */
  reset: boolean;
  /** Which ticks send to this client: those with tick % interval = group. */
  group: number;
  /** Of the last frame that was sent. */
  sentTick: number;
  /** Each step halves how often the client gets frames: 0, 1 or 2. */
  congestion: number;
  /** Of the last ack that was sent. */
  ackedSequence: number;
  ackedTick: number;
  /** Commands are acknowledged in the tick that applied them, between frames: on the old wire. */
  readonly ackedEachTick: boolean;
  /** Of the last ack, in a frame or between frames; only the former is sure to arrive. */
  answeredSequence: number;
  /** The player's commands did something lasting in this tick: no ack before its commit. */
  earnedTick: number;
  /** An ack was due and had to wait. */
  owesAck: boolean;
  /** What the client was told last of the shard's database. */
  noticed: StorageState;
  /** The tick of the latest command, so that commands never overtake each other. */
  commandTick: number;
  /** When the client asked for cells anew last. */
  resyncTick: number;
  /** What the player's durable actions led to is known; not before it resumes after a restart. */
  knowsAnswers: boolean;
  /** The player is on the way out. */
  leaving: boolean;
}

// A start makes a session for everyone who was in the world, a hundred thousand perhaps.
const NO_VIEWPORT: ViewportSize = Object.freeze({ width: 0, height: 0 });
const NOWHERE: CellRect = Object.freeze(emptyRect());

/** All sessions of a shard, found by player, entity, connection or resume token. */
export class Sessions {
  readonly #byPlayer = new Map<string, Session>();
  readonly #byEntity = new Map<number, Session>();
  readonly #byConnection = new Map<ConnectionId, Session>();
  readonly #byToken = new Map<string, Session>();
  readonly #away = new Set<Session>();

  get count(): number {
    return this.#byPlayer.size;
  }

  get connected(): number {
    return this.#byConnection.size;
  }

  all(): IterableIterator<Session> {
    return this.#byPlayer.values();
  }

  /** Those without a connection. */
  away(): IterableIterator<Session> {
    return this.#away.values();
  }

  ofPlayer(playerId: string): Session | undefined {
    return this.#byPlayer.get(playerId);
  }

  ofEntity(entity: number): Session | undefined {
    return this.#byEntity.get(entity);
  }

  ofConnection(connection: ConnectionId): Session | undefined {
    return this.#byConnection.get(connection);
  }

  ofToken(tokenHash: string): Session | undefined {
    return this.#byToken.get(tokenHash);
  }

  /** Adds a session without a connection. */
  add(playerId: string, entity: number, awaySinceMs: number): Session {
    const session: Session = {
      playerId,
      entity,
      connection: 0,
      awaySinceMs,
      tokenHash: undefined,
      loginId: undefined,
      tokenHashBefore: undefined,
      enteredTick: 0,
      viewport: NO_VIEWPORT,
      watched: NOWHERE,
      reset: true,
      group: 0,
      sentTick: 0,
      congestion: 0,
      ackedEachTick: isVisitor(playerId),
      answeredSequence: 0,
      ackedSequence: 0,
      ackedTick: 0,
      earnedTick: 0,
      owesAck: false,
      noticed: "well",
      commandTick: 0,
      resyncTick: Number.NEGATIVE_INFINITY,
      knowsAnswers: false,
      leaving: false,
    };
    this.#byPlayer.set(playerId, session);
    this.#byEntity.set(entity, session);
    this.#away.add(session);
    return session;
  }

  remove(session: Session): void {
    this.#byPlayer.delete(session.playerId);
    this.#byEntity.delete(session.entity);
    this.detach(session, 0);
    this.#away.delete(session);
    this.setToken(session, undefined);
  }

  attach(session: Session, connection: ConnectionId): void {
    this.#byConnection.delete(session.connection);
    session.connection = connection;
    session.watched = emptyRect();
    session.congestion = 0;
    this.#byConnection.set(connection, session);
    this.#away.delete(session);
  }

  detach(session: Session, awaySinceMs: number): void {
    this.#byConnection.delete(session.connection);
    session.connection = 0;
    session.awaySinceMs = awaySinceMs;
    this.#away.add(session);
  }

  setToken(session: Session, tokenHash: string | undefined): void {
    if (session.tokenHash !== undefined) this.#byToken.delete(session.tokenHash);
    session.tokenHash = tokenHash;
    if (tokenHash !== undefined) this.#byToken.set(tokenHash, session);
  }
}
