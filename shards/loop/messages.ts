// Everything that passes between the loop and its neighbours. Plain data and bytes only: each of
// these may cross a thread.
import type { ChatSaid } from "#proto/bus_pb.ts";
import type {
  ChatRefusal,
  Input,
  Intent,
  NoticeKind,
  RejectionReason,
  Welcome,
} from "#proto/frame_pb.ts";
import type { Plain } from "#shared/sim/kernel/plain.ts";
import type { ShardWorld } from "../world/shard-world.ts";
import type { Closing } from "./closings.ts";
import type { ConnectionId } from "./connection-id.ts";
import type { PublicationView } from "./publication.ts";

export interface ViewportSize {
  width: number;
  height: number;
}

/** From the gateway: what clients did, decoded and checked for shape. */
export type GatewayMessage =
  | {
      kind: "join";
      connection: ConnectionId;
      playerId: string;
      name: string;
      ticketId: string;
      ticketExpiresMs: number;
      /** The login that lets the player in, with which the session ends. */
      loginId?: string | undefined;
      viewport: ViewportSize;
    }
  | {
      kind: "resume";
      connection: ConnectionId;
      tokenHash: string;
      loginId?: string | undefined;
      viewport: ViewportSize;
    }
  | { kind: "viewport"; connection: ConnectionId; viewport: ViewportSize }
  /** Frames to this connection were skipped: it needs everything anew. */
  | { kind: "lostBase"; connection: ConnectionId }
  /** What the client knows of these cells is not what they are. */
  | { kind: "resync"; connection: ConnectionId; cells: readonly number[] }
  /** How well the client reads: at 1 and 2 it is sent to half and a quarter as often. */
  | { kind: "congestion"; connection: ConnectionId; level: 0 | 1 | 2 }
  | { kind: "leave"; connection: ConnectionId }
  | SayMessage
  /** The socket is gone; the session waits for a resume. */
  | { kind: "lost"; connection: ConnectionId };

/** Something that a player says; its text is tidy. */
export interface SayMessage {
  kind: "say";
  connection: ConnectionId;
  /** The client's own, to know the answer by. */
  number: number;
  channel: string;
  target: string;
  text: string;
}

/** What became of something that a player said. */
export interface SpokenMessage {
  kind: "spoken";
  connection: ConnectionId;
  number: number;
  reason: ChatRefusal;
  /** For the player. */
  message: string;
  cursor: string;
  /** Of a mute; 0: without an end. */
  untilMs: number;
  retryAfterMs: number;
}

/** From the bus. */
export type BusInboxMessage =
  /** Said somewhere, to players who may be here. */
  | { kind: "said"; said: Plain<ChatSaid> }
  /** Whether the player may speak, or whom it wants to hear, has changed. */
  | { kind: "standing"; playerId: string }
  /** Without a login, whichever let the player in. */
  | { kind: "revoke"; playerId: string; loginId?: string | undefined; reason: string }
  /** The player goes on at another shard of this world. */
  | { kind: "moved"; playerId: string }
  | { kind: "rename"; playerId: string; name: string }
  /** For everybody who is connected. */
  | { kind: "announce"; message: string };

/** From persistence: the answer to a load request. */
export type LoadedMessage = {
  kind: "loaded";
  connection: ConnectionId;
  /** False when the ticket was used before. */
  ticketFresh: boolean;
  /** What the world kept of the player. */
  state: Uint8Array | undefined;
  /** What its latest durable actions led to, the oldest first. */
  answers: readonly DurableAnswer[];
};

/** What a durable action led to; the same action gets it again. */
export interface DurableAnswer {
  playerId: string;
  /** 16 bytes, made by the client. */
  actionId: Uint8Array;
  /** tessera.v1.ActionResult. */
  answer: Uint8Array;
}

/** What other processes are to be told, once its tick is in the database. */
export interface OutboxMessage {
  /** UUID, the same in each delivery. */
  id: string;
  topic: string;
  /** tessera.v1.BusMessage. */
  message: Uint8Array;
}

/** What a player wants, without the library: held controls or one action. */
export type PlayerCommand = Plain<Input> | Plain<Intent>;

/** A command that a client sent. */
export interface CommandMessage {
  kind: "command";
  connection: ConnectionId;
  message: PlayerCommand;
}

/** All that may lie in the loop's inbox. */
export type InboxMessage = CommandMessage | GatewayMessage | BusInboxMessage | LoadedMessage;

/** From the loop to the gateway. */
export type ControlMessage =
  | {
      kind: "welcome";
      connection: ConnectionId;
      entity: number;
      resumeToken: string;
      sequence: number;
      tick: number;
      sendIntervalTicks: number;
      resumed: boolean;
      world: Welcome["world"];
    }
  /** What a durable action led to; its id as hexadecimal digits. */
  | {
      kind: "result";
      connection: ConnectionId;
      actionId: string;
      reason: RejectionReason;
      tick: number;
    }
  /** How the shard is, for people. */
  | {
      kind: "notice";
      connection: ConnectionId;
      notice: NoticeKind;
      message: string;
      /** Last finished one. */
      tick: number;
    }
  | { kind: "reject"; connection: ConnectionId; sequence: number; reason: RejectionReason }
  | SpokenMessage
  | { kind: "close"; connection: ConnectionId; closing: Closing };

/** The loop's way out to the sockets. */
export interface LoopOutput {
  control(message: ControlMessage): void;
  /** Whether the client's gateway takes a frame now; if not, the next one reaches further back. */
  hasRoom(connection: ConnectionId): boolean;
  /** A frame for many, beside the ticks' frames; false when some gateway had no room for it. */
  tell(connections: readonly ConnectionId[], frame: Uint8Array): boolean;
  /** A tick's frames; the publication is reused as soon as this returns. */
  publish(publication: PublicationView): void;
  /** The tick that just ran and when it was meant to. */
  ticked(tick: number, intendedMs: number): void;
}

/** The loop's way to the disk; it tells of each commit by `ShardLoop.committed`. */
export interface LoopStorage {
  /** Ticks that were handed over and are not yet in the database. */
  readonly uncommittedTicks: number;
  /** Asks for a player's kept state and uses up the ticket; answered by a LoadedMessage. */
  load(request: LoadRequest): void;
  /** One tick: its inputs and what they left behind, written together. */
  commit(record: TickRecord): void;
  /** A snapshot is on its way to the disk; the loop waits for it before it takes the next. */
  readonly isSavingSnapshot: boolean;
  /** Copies the state between two ticks and saves it. */
  snapshot(world: ShardWorld): void;
}

export interface LoadRequest {
  connection: ConnectionId;
  playerId: string;
  /** Undefined when it was used up by an earlier load. */
  ticket: { id: string; expiresMs: number } | undefined;
}

export interface TickRecord {
  tick: number;
  inputs: Uint8Array;
  departed: readonly { playerId: string; state: Uint8Array }[];
  /** Resume tokens as of this tick; undefined ends the session. */
  sessions: readonly { playerId: string; tokenHash: string | undefined }[];
  answers: readonly DurableAnswer[];
  outbox: readonly OutboxMessage[];
  /** 16 hex digits, once a second. */
  stateHash: string | undefined;
}
