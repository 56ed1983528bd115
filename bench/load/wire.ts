/** What a client proves itself with; the ancestor's wire needs nothing. */
export type Credential = { readonly ticket: string } | { readonly resumeToken: string };

/** What the load test needs to know of a frame; one object is filled again and again. */
export interface News {
  kind: "tick" | "welcome" | "pong" | "rejection" | "result" | "goodbye" | "other";
  /** Of a tick or welcome; 0 where the wire has no ticks. */
  tick: number;
  /** Last input that the shard has dealt with; -1 when the frame does not say. */
  acked: number;
  /** Own position in units; NaN when the frame does not say. */
  x: number;
  y: number;
  /** Neither attacking nor dead, as far as the frame says. */
  isFree: boolean;
  /** Direction of the watched entity, as `directionBits`; -1 when the frame does not tell of it. */
  seen: number;
  /** Of a pong: what the ping carried. */
  pingMs: number;
  welcome: WelcomeNews | undefined;
  /** Why the shard says goodbye. */
  goodbye: string;
  /** Of a result: the action was done, and not refused. */
  isDone: boolean;
}

/** What a client learns when it is let in. */
export interface WelcomeNews {
  readonly entity: number;
  readonly resumeToken: string;
  readonly sequence: number;
  readonly resumed: boolean;
  /** Time between two frames, and ticks between them. */
  readonly frameMs: number;
  readonly frameTicks: number;
  /** Units. */
  readonly world: { readonly width: number; readonly height: number };
}

/** A language in which clients and shards talk; what it gives holds until its next call. */
export interface Wire {
  /** Path of the socket on the shard. */
  readonly path: string;
  readonly canPing: boolean;
  /** Whether frames say of which tick they are. */
  readonly hasTicks: boolean;
  /** Whether attacks are acknowledged, and a player is told that it attacks or is dead. */
  readonly tellsAttacks: boolean;
  /** Whether a turn is sure to show, so that who sees whom turn can be measured. */
  readonly tellsTurns: boolean;
  /** Whole WebSocket frames to send once the socket is open. */
  hello(credential: Credential, viewport: Viewport): Uint8Array;
  /** A whole WebSocket frame. */
  controls(sequence: number, dx: number, dy: number): Uint8Array;
  attack(sequence: number): Uint8Array;
  ping(timeMs: number): Uint8Array;
  /** The player leaves for good; undefined where closing the socket says so. */
  leave(): Uint8Array | undefined;
  /** How one works there; undefined where nothing that lasts can be done again and again. */
  readonly work?: WorkWire;
  /** Reads one message into `news`; `watched` is the entity whose direction is wanted, or 0. */
  read(message: Message, watched: number, news: News): void;
}

/** A block over somebody's head is built, broken and picked up. */
export interface WorkWire {
  /** A whole WebSocket frame; the place is where the player is, or was when it built. */
  build(sequence: number, place: Place): Uint8Array;
  dig(sequence: number, place: Place): Uint8Array;
  pickUp(sequence: number, item: number): Uint8Array;
  /** What came to lie at a place, by a tick's message; 0 when it tells of none. */
  findItem(message: Message, place: Place): number;
}

/** In units. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where a message lies. */
export interface Message {
  bytes: Uint8Array;
  start: number;
  end: number;
}

/** Size of the window onto the world, in units. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
}

/** Two signs in four bits, as poses have them: dx + 1, dy + 1 above it. */
export function directionBits(dx: number, dy: number): number {
  return (dx + 1) | ((dy + 1) << 2);
}

/** News before anything is read. */
export function createNews(): News {
  return {
    kind: "other",
    tick: 0,
    acked: -1,
    x: Number.NaN,
    y: Number.NaN,
    isFree: true,
    seen: -1,
    pingMs: 0,
    welcome: undefined,
    goodbye: "",
    isDone: false,
  };
}
