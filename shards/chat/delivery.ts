import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { type ChatLineSchema, ServerFrameSchema } from "#proto/frame_pb.ts";
import type { ConnectionId } from "../loop/connection-id.ts";
import type { LoopOutput } from "../loop/messages.ts";
import type { Session, Sessions } from "../loop/sessions.ts";
import type { PlayerStandings } from "./standings.ts";

/** Frames to clients in one tick, so that what is said to all is no burst. */
const SENT_PER_TICK = 512;
/** Lines that one frame brings. */
const LINES_PER_FRAME_MAX = 16;
/** Lines to all that wait for those before them to be told; one more, and the oldest is lost. */
export const LINES_TO_ALL_MAX = 64;
/**
 * Clients that wait to be told lines to a few: beyond it no local line is taken, and those that are
 * said elsewhere are lost. One line more may be for all who are here.
 */
export const TOLD_WAITING_MAX = 16_384;

/** Something that is said, on its way to those who hear it. */
export interface Line {
  readonly content: MessageInitShape<typeof ChatLineSchema> & { readonly senderId: string };
  /** Heard by those who block the sender, too. */
  readonly official: boolean;
}

interface Parcel {
  readonly frame: Uint8Array;
  readonly connections: readonly ConnectionId[];
  next: number;
}

/** Lines that go to all, as far as they have come. */
interface Round {
  readonly lines: readonly Line[];
  readonly frame: Uint8Array;
  readonly untold: Iterator<Session>;
}

export interface DeliveryOptions {
  readonly sessions: Sessions;
  readonly standings: PlayerStandings;
  readonly output: Pick<LoopOutput, "tell">;
  /** Whether a session's client can be told anything. */
  readonly isThere: (session: Session) => boolean;
}

/**
 * Hands lines to the gateways, so many clients in each tick. Lines to all go round by round: what
 * comes during one goes out together in the next, so a crowd costs a frame for each round, however
 * much is said.
 */
export class ChatDelivery {
  readonly #options: DeliveryOptions;
  readonly #toFew: Parcel[] = [];
  readonly #toAll: Line[] = [];
  #round: Round | undefined;
  #waiting = 0;
  /** Lines that did not go out to all whom they were meant for, at one of the bounds. */
  lostTotal = 0;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** To everybody, but for those who block the sender. */
  toAll(line: Line): void {
    if (this.#toAll.length >= LINES_TO_ALL_MAX) {
      this.#toAll.shift();
      this.lostTotal += 1;
    }
    this.#toAll.push(line);
  }

  /** Whether another line to a few is taken. */
  get hasRoom(): boolean {
    return this.#waiting < TOLD_WAITING_MAX;
  }

  /** To these players as far as they are here, but for those who block the sender. */
  toFew(line: Line, sessions: Iterable<Session>): void {
    if (!this.hasRoom) {
      this.lostTotal += 1;
      return;
    }
    const connections: ConnectionId[] = [];
    for (const session of sessions) {
      if (this.#hears(session, line)) connections.push(session.connection);
    }
    if (connections.length === 0) return;
    this.#waiting += connections.length;
    this.#toFew.push({ frame: encode([line]), connections, next: 0 });
  }

  /** Once a tick. */
  turn(): void {
    let left = SENT_PER_TICK;
    for (let parcel = this.#toFew[0]; parcel !== undefined && left > 0; parcel = this.#toFew[0]) {
      const end = Math.min(parcel.connections.length, parcel.next + left);
      this.#tell(parcel.connections.slice(parcel.next, end), parcel.frame);
      left -= end - parcel.next;
      this.#waiting -= end - parcel.next;
      parcel.next = end;
      if (end === parcel.connections.length) this.#toFew.shift();
    }
    while (left > 0 && (this.#round !== undefined || this.#toAll.length > 0)) {
      this.#round ??= this.#startRound();
      left -= this.#goOn(this.#round, left);
    }
  }

  #startRound(): Round {
    const lines = this.#toAll.splice(0, LINES_PER_FRAME_MAX);
    return { lines, frame: encode(lines), untold: this.#options.sessions.all() };
  }

  /** Tells the next clients; the result is how many. */
  #goOn(round: Round, most: number): number {
    const alike: ConnectionId[] = [];
    let told = 0;
    while (told < most) {
      const { done, value: session } = round.untold.next();
      if (done === true) {
        this.#round = undefined;
        break;
      }
      if (!this.#options.isThere(session)) continue;
      const lines = round.lines.filter((line) => this.#hears(session, line));
      if (lines.length === 0) continue;
      told += 1;
      if (lines.length === round.lines.length) alike.push(session.connection);
      else this.#tell([session.connection], encode(lines));
    }
    if (alike.length > 0) this.#tell(alike, round.frame);
    return told;
  }

  /** One whose blocks are not known yet hears nobody but staff: it might hear whom it blocks. */
  #hears(session: Session, { official, content }: Line): boolean {
    if (!this.#options.isThere(session)) return false;
    if (official) return true;
    const standing = this.#options.standings.of(session.playerId);
    return standing !== undefined && !standing.blocks.has(content.senderId);
  }

  #tell(connections: readonly ConnectionId[], frame: Uint8Array): void {
    if (!this.#options.output.tell(connections, frame)) this.lostTotal += 1;
  }
}

function encode(lines: readonly Line[]): Uint8Array {
  const value = { lines: lines.map(({ content }) => content) };
  return toBinary(ServerFrameSchema, create(ServerFrameSchema, { frame: { case: "chat", value } }));
}
