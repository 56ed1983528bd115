import { ChatRefusal } from "#proto/frame_pb.ts";
import { TalkAllowance, tooFast } from "#shared/net/talk-allowance.ts";
import type { Clock } from "#shared/time/clock.ts";
import { rectContains } from "../loop/interest.ts";
import type { BusInboxMessage, LoopOutput, SayMessage } from "../loop/messages.ts";
import type { Session, Sessions } from "../loop/sessions.ts";
import { isVisitor } from "../loop/visitors.ts";
import type { ShardWorld } from "../world/shard-world.ts";
import type { ChatServer } from "./chat-server.ts";
import { ChatDelivery, type Line } from "./delivery.ts";
import { CROWDED, type Outcome, RelayQueue } from "./relay-queue.ts";
import { type KnownStanding, PlayerStandings } from "./standings.ts";

/** The channel of those who see the speaker; the only one that the shard itself decides on. */
const LOCAL = "local";
/** Local lines that wait for their tick; one more is refused. So it is with early ones. */
export const LOCAL_LENGTH_MAX = 256;
/** How long a line of one who has just come waits until it is known whether one may speak. */
export const EARLY_MS_MAX = 2_000;
/** Local lines for which, in one tick, it is looked up who is near; fewer in a crowd: */
export const LOCAL_PER_TICK = 16;
/** so many players are looked at for that in one tick, or all of them once. */
const LOOKED_AT_PER_TICK = 16_384;
/** Speakers whose allowance is kept; beyond it the one who has been known longest starts anew. */
const ALLOWANCES_MAX = 16_384;

export interface ChatDeskOptions {
  readonly clock: Clock;
  readonly world: Pick<ShardWorld, "cellOf" | "grid">;
  readonly sessions: Sessions;
  readonly output: LoopOutput;
  /** Whether a session's welcome is out. */
  readonly isWelcomed: (session: Session) => boolean;
  /** Undefined: nobody can be asked, and nobody speaks. */
  readonly server: ChatServer | undefined;
}

interface Spoken {
  readonly session: Session;
  readonly said: SayMessage;
}

/**
 * What players say to each other, beside the world and without a trace in its journal. Local lines
 * go to those who watch the speaker's cell; all others go to the server, and what it says is handed
 * to the players whom it concerns. The server alone mutes and blocks; what it told last holds while
 * it is away.
 */
export class ChatDesk {
  readonly #options: ChatDeskOptions;
  readonly #standings: PlayerStandings;
  readonly #relay: RelayQueue;
  readonly #delivery: ChatDelivery;
  readonly #local: Spoken[] = [];
  /** Of players of whom the server has not told yet. */
  #early: (Spoken & { readonly sinceMs: number })[] = [];
  readonly #allowances = new Map<string, TalkAllowance>();
  readonly #outcomes = new Map<ChatRefusal, number>();

  constructor(options: ChatDeskOptions) {
    const { clock, sessions, server, output } = options;
    this.#options = options;
    this.#standings = new PlayerStandings({
      clock,
      server,
      isHere: (playerId) => !isVisitor(playerId) && sessions.ofPlayer(playerId) !== undefined,
    });
    this.#relay = new RelayQueue(server, (said, outcome) => this.#answer(said, outcome));
    this.#delivery = new ChatDelivery({
      sessions,
      output,
      standings: this.#standings,
      isThere: (session) => this.#isThere(session),
    });
  }

  /** Lines by what became of them. */
  get outcomes(): ReadonlyMap<ChatRefusal, number> {
    return this.#outcomes;
  }

  /** Lines that wait for the server or for their tick. */
  get waiting(): number {
    return this.#relay.length + this.#local.length + this.#early.length;
  }

  /** Lines that did not reach all whom they were meant for, at one of the bounds. */
  get lostTotal(): number {
    return this.#delivery.lostTotal;
  }

  /** A client says something; it is answered now or soon, whatever comes of it. */
  say(said: SayMessage): void {
    const session = this.#options.sessions.ofConnection(said.connection);
    if (session === undefined) return;
    const nowMs = this.#options.clock.monotonicMs();
    const waitMs = this.#allowanceOf(session).take(nowMs);
    if (waitMs > 0) {
      this.#answer(said, { reason: ChatRefusal.TOO_FAST, ...tooFast(waitMs) });
    } else if (this.#options.server === undefined) this.#answer(said, UNKNOWN);
    else if (this.#standings.of(session.playerId) !== undefined) this.#pass({ session, said });
    else if (this.#early.length >= LOCAL_LENGTH_MAX) this.#answer(said, CROWDED);
    else this.#early.push({ session, said, sinceMs: nowMs });
  }

  /** Something was said that players here may have to be told. */
  hear({ said }: Extract<BusInboxMessage, { kind: "said" }>): void {
    const { recipientIds, official, ...content } = said;
    const line: Line = { content, official };
    if (recipientIds.length === 0) this.#delivery.toAll(line);
    else this.#delivery.toFew(line, this.#present(recipientIds));
  }

  /** The player came, or another may speak or be heard than before. */
  ask(playerId: string): void {
    this.#standings.ask(playerId);
  }

  /** The player is not here any more. */
  forget(playerId: string): void {
    this.#standings.forget(playerId);
  }

  /** Once a tick. */
  turn(): void {
    this.#standings.turn();
    this.#passEarly();
    this.#relay.turn();
    for (const { session, said } of this.#local.splice(0, this.#localPerTick)) {
      this.#answer(said, this.#sayNearby(session, said));
    }
    this.#delivery.turn();
  }

  get #localPerTick(): number {
    const count = Math.floor(LOOKED_AT_PER_TICK / Math.max(1, this.#options.sessions.count));
    return Math.min(LOCAL_PER_TICK, Math.max(1, count));
  }

  #pass({ session, said }: Spoken): void {
    if (said.channel !== LOCAL) this.#relay.push(session.playerId, said);
    else if (this.#local.length >= LOCAL_LENGTH_MAX) this.#answer(said, CROWDED);
    else this.#local.push({ session, said });
  }

  #passEarly(): void {
    if (this.#early.length === 0) return;
    const nowMs = this.#options.clock.monotonicMs();
    this.#early = this.#early.filter((early) => {
      const isKnown = this.#standings.of(early.session.playerId) !== undefined;
      if (!isKnown && nowMs - early.sinceMs < EARLY_MS_MAX) return true;
      if (isKnown) this.#pass(early);
      else this.#answer(early.said, UNKNOWN);
      return false;
    });
  }

  #sayNearby(session: Session, { text }: SayMessage): Outcome {
    const { world, sessions, clock } = this.#options;
    const standing = this.#standings.of(session.playerId);
    if (standing === undefined) return UNKNOWN;
    const nowMs = clock.wallMs();
    const muted = refusalOf(standing, nowMs);
    if (muted !== undefined) return muted;
    const cell = world.cellOf(session.entity);
    if (cell === -1 || session.leaving) return GONE;
    const column = cell % world.grid.columns;
    const row = Math.floor(cell / world.grid.columns);
    if (!this.#delivery.hasRoom) return CROWDED;
    const near: Session[] = [];
    for (const other of sessions.all()) {
      if (other === session || rectContains(other.watched, column, row)) near.push(other);
    }
    const { playerId: senderId, entity: entityId } = session;
    const sentAtMs = BigInt(Math.trunc(nowMs));
    const content = {
      channel: LOCAL,
      senderId,
      senderName: standing.name,
      text,
      sentAtMs,
      entityId,
    };
    this.#delivery.toFew({ content, official: false }, near);
    return { reason: ChatRefusal.UNSPECIFIED };
  }

  *#present(playerIds: readonly string[]): Iterable<Session> {
    for (const playerId of new Set(playerIds)) {
      const session = this.#options.sessions.ofPlayer(playerId);
      if (session !== undefined) yield session;
    }
  }

  #isThere(session: Session): boolean {
    if (session.connection === 0 || isVisitor(session.playerId)) return false;
    return this.#options.isWelcomed(session);
  }

  #allowanceOf({ playerId }: Session): TalkAllowance {
    const known = this.#allowances.get(playerId);
    if (known !== undefined) return known;
    const allowance = new TalkAllowance();
    if (this.#allowances.size >= ALLOWANCES_MAX) {
      for (const oldest of this.#allowances.keys()) {
        this.#allowances.delete(oldest);
        break;
      }
    }
    this.#allowances.set(playerId, allowance);
    return allowance;
  }

  #answer({ connection, number }: SayMessage, outcome: Outcome): void {
    const { reason } = outcome;
    this.#outcomes.set(reason, (this.#outcomes.get(reason) ?? 0) + 1);
    this.#options.output.control({
      ...{ kind: "spoken", connection, number },
      ...{ message: "", cursor: "", untilMs: 0, retryAfterMs: 0, ...outcome },
    });
  }
}

const UNKNOWN: Outcome = {
  reason: ChatRefusal.UNAVAILABLE,
  message: "cannot send the message: the server does not tell whether you may; try again later",
  retryAfterMs: 1_000,
};

const GONE: Outcome = {
  reason: ChatRefusal.FORBIDDEN,
  message: "cannot send the message: you are not in the world any more",
};

function refusalOf({ mute }: KnownStanding, nowMs: number): Outcome | undefined {
  if (mute === null) return undefined;
  const { reason, endsAtMs } = mute;
  if (endsAtMs !== null && endsAtMs <= nowMs) return undefined;
  const until = endsAtMs === null ? "for ever" : `until ${new Date(endsAtMs).toISOString()}`;
  return {
    reason: ChatRefusal.MUTED,
    message: `cannot send the message: you are muted ${until}: ${reason}`,
    untilMs: endsAtMs ?? 0,
  };
}
