import { GoodbyeReason, type ServerFrame, type Welcome } from "#proto/frame_pb.ts";
import { CLOSE } from "#shared/net/protocol.ts";
import { WireError } from "#shared/net/wire-reader.ts";
import type { CancelTimer, Clock } from "#shared/time/clock.ts";
import { CLOSE_SILENT, Connection, type GameSocketClass } from "./connection.ts";
import { type Credential, decodeServerFrame, encodeHello } from "./encoder.ts";
import { ReconnectPolicy } from "./reconnect-policy.ts";
import type { SessionGoodbye, SessionStatus, SessionViewport } from "./session-types.ts";

/** The way into a shard, from `worlds.join`. */
export interface Ticket {
  readonly shardKey: string;
  readonly region: string;
  /** The shard's socket, e.g. ws://127.0.0.1:7777/game */
  readonly address: string;
  readonly ticket: string;
}

/** `Frame` is a tick frame of the world as it is read. */
export interface LinkOptions<Frame> {
  /** Which world the session is for; a shard of another one is not played on. */
  readonly world: NonNullable<Welcome["world"]["case"]>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly WebSocket: GameSocketClass;
  readonly ticket: () => Promise<Ticket>;
  /** True for an error after which no ticket will ever be had: the login is gone. */
  readonly refused: (error: unknown) => boolean;
  readonly viewport: () => SessionViewport;
  readonly welcomed: (welcome: Welcome, helloMs: number) => void;
  /** Undefined for bytes that are another frame; throws a `WireError` when they are none. */
  readonly readTick: (bytes: Uint8Array) => Frame | undefined;
  /** A tick while playing. */
  readonly ticked: (frame: Frame) => void;
  /** Any other frame while playing. */
  readonly received: (frame: ServerFrame["frame"]) => void;
  readonly statusChanged: (status: SessionStatus) => void;
  readonly goodbye: (goodbye: SessionGoodbye) => void;
}

/** How long an attempt may take until the shard's welcome. */
const WELCOME_MS_MAX = 10_000;
/**
 * A cut is healed by the resume token for so long, and for so many attempts: a shard that was
 * killed is back before. Then a new ticket tells where the world is now.
 */
const RESUME_MS = 3_000;
const RESUMES_MIN = 2;
/** How long a leave waits for the shard to close. */
const LEAVE_MS_MAX = 1_000;
/** A timer that is later than this was kept by a machine that stood still. */
const OVERSLEPT_MS = 1_000;

/**
 * The line to the shard over all its connections: a ticket, a connection, the next one when it is
 * lost; by the resume token while the shard takes it, else by a new ticket. It ends when the player
 * leaves, is replaced by a newer session, or is sent away for good.
 */
export class Link<Frame> {
  readonly #options: LinkOptions<Frame>;
  readonly #policy: ReconnectPolicy;
  #status: SessionStatus = "connecting";
  #connection: Connection | undefined;
  #address: string | undefined;
  #shardKey = "";
  #region = "";
  #resumeToken: string | undefined;
  #resumesLeft = 0;
  /** The shard did not answer: its world may be elsewhere by now, which a new ticket tells. */
  #isSilent = false;
  /** When the last connection that played was lost. */
  #lostMs = 0;
  #playingSinceMs: number | undefined;
  #cancelTimer: CancelTimer | undefined;
  #lastGoodbye: SessionGoodbye | undefined;
  #ended: (() => void)[] = [];
  #started: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #bytesIn = 0;
  #bytesOut = 0;
  reconnects = 0;
  framesIn = 0;

  constructor(options: LinkOptions<Frame>) {
    this.#options = options;
    this.#policy = new ReconnectPolicy({ random: options.random });
  }

  get status(): SessionStatus {
    return this.#status;
  }

  /** The shard that the ticket in use is for, and its region; empty before the first one. */
  get shardKey(): string {
    return this.#shardKey;
  }

  get region(): string {
    return this.#region;
  }

  get bytesIn(): number {
    return this.#bytesIn + (this.#connection?.bytesIn ?? 0);
  }

  get bytesOut(): number {
    return this.#bytesOut + (this.#connection?.bytesOut ?? 0);
  }

  /** The first connection; rejects when it fails, as only what worked once is worth retrying. */
  async start(): Promise<void> {
    const ticket = await this.#options.ticket();
    await new Promise<void>((resolve, reject) => {
      this.#started = { resolve, reject };
      this.#present(ticket);
    });
  }

  /** False when there is nothing to send it over. */
  send(bytes: Uint8Array): boolean {
    if (this.#status !== "playing" || this.#connection === undefined) return false;
    this.#connection.send(bytes);
    return true;
  }

  /** Ends it after `farewell`; resolves when the shard has closed, or soon if it does not. */
  async leave(farewell: Uint8Array): Promise<void> {
    if (this.#status === "closed") return;
    const playing = this.#status === "playing";
    this.send(farewell);
    if (!playing) {
      this.#stop(CLOSE.left);
      return;
    }
    this.#setTimer(LEAVE_MS_MAX, () => this.#stop(CLOSE.left));
    await new Promise<void>((resolve) => this.#ended.push(resolve));
  }

  #present({ shardKey, region, address, ticket }: Ticket): void {
    this.#shardKey = shardKey;
    this.#region = region;
    this.#connect(address, { case: "ticket", value: ticket });
  }

  #connect(address: string, credential: Credential): void {
    let helloMs = this.#options.clock.monotonicMs();
    this.#address = address;
    this.#lastGoodbye = undefined;
    this.#awaitWelcome();
    try {
      this.#connection = new Connection({
        address,
        WebSocket: this.#options.WebSocket,
        clock: this.#options.clock,
        hello: () => {
          helloMs = this.#options.clock.monotonicMs();
          return encodeHello(credential, this.#options.viewport());
        },
        received: (bytes) => this.#receive(bytes, helloMs),
        closed: (code) => this.#closed(code),
      });
    } catch {
      // An address that is no address; the next ticket may know better.
      this.#closed(CLOSE.credentialRefused);
    }
  }

  #awaitWelcome(): void {
    this.#setTimer(WELCOME_MS_MAX, (lateMs) => {
      // Whoever overslept may not have read it yet.
      if (lateMs > OVERSLEPT_MS) this.#awaitWelcome();
      else this.#connection?.close(CLOSE.helloTimeout);
    });
  }

  #receive(bytes: Uint8Array, helloMs: number): void {
    this.framesIn += 1;
    try {
      const tick = this.#options.readTick(bytes);
      if (tick === undefined) this.#take(decodeServerFrame(bytes).frame, helloMs);
      else if (this.#status === "playing") this.#options.ticked(tick);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#connection?.close(CLOSE.undecodable);
    }
  }

  #take(frame: ServerFrame["frame"], helloMs: number): void {
    if (frame.case === "welcome") this.#welcome(frame.value, helloMs);
    else if (frame.case === "goodbye") {
      const { reason, message } = frame.value;
      this.#lastGoodbye = { reason, message };
      this.#options.goodbye(this.#lastGoodbye);
    } else if (this.#status === "playing") this.#options.received(frame);
  }

  #welcome(welcome: Welcome, helloMs: number): void {
    if (welcome.world.case !== this.#options.world) {
      this.#connection?.close(CLOSE.version);
      return;
    }
    this.#cancelTimer?.();
    this.#resumeToken = welcome.resumeToken;
    this.#resumesLeft = RESUMES_MIN;
    this.#playingSinceMs = this.#options.clock.monotonicMs();
    if (this.#started === undefined) this.reconnects += 1;
    this.#options.welcomed(welcome, helloMs);
    this.#setStatus("playing");
    this.#started?.resolve();
    this.#started = undefined;
  }

  #closed(code: number): void {
    const nowMs = this.#options.clock.monotonicMs();
    const playedMs = this.#playingSinceMs === undefined ? 0 : nowMs - this.#playingSinceMs;
    if (this.#playingSinceMs !== undefined) this.#lostMs = nowMs;
    this.#forgetConnection();
    if (this.#status === "closed") return;
    if (this.#started !== undefined) {
      const why = this.#lastGoodbye?.message ?? `the shard at ${this.#address} did not answer`;
      this.#started.reject(new Error(why));
    }
    this.#isSilent = code === CLOSE_SILENT || code === CLOSE.helloTimeout;
    const decision = this.#policy.closed(code, playedMs);
    const over = this.#started !== undefined || this.#ended.length > 0;
    if (over || decision.kind === "stop") this.#stop(code);
    else {
      if (decision.fresh) this.#resumeToken = undefined;
      this.#setStatus("reconnecting");
      this.#retry(decision.waitMs);
    }
  }

  /** Tries again after a while; what was overslept does not count as having been away. */
  #retry(waitMs: number): void {
    this.#setTimer(waitMs, (lateMs) => {
      if (lateMs > OVERSLEPT_MS) this.#lostMs += lateMs;
      this.#again();
    });
  }

  /** By the resume token while that makes sense, else by a new ticket. */
  #again(): void {
    const value = this.#resumeToken;
    const awayMs = this.#options.clock.monotonicMs() - this.#lostMs;
    const isEarly = this.#resumesLeft > 0 || awayMs < RESUME_MS;
    const mayResume = isEarly && !this.#isSilent;
    if (value !== undefined && this.#address !== undefined && mayResume) {
      this.#resumesLeft -= 1;
      this.#connect(this.#address, { case: "resumeToken", value });
      return;
    }
    this.#options.ticket().then(
      (ticket) => {
        if (this.#status !== "closed") this.#present(ticket);
      },
      (error: unknown) => {
        this.#isSilent = false;
        if (this.#status === "closed") return;
        if (this.#options.refused(error)) this.#sendAway();
        else this.#retry(this.#policy.failed());
      },
    );
  }

  #sendAway(): void {
    const message = "The login has ended; log in again.";
    this.#options.goodbye({ reason: GoodbyeReason.REVOKED, message });
    this.#stop(CLOSE.revoked);
  }

  #stop(code: number): void {
    this.#setStatus("closed");
    this.#cancelTimer?.();
    this.#connection?.close(code);
    for (const resolve of this.#ended.splice(0)) resolve();
  }

  #forgetConnection(): void {
    this.#cancelTimer?.();
    this.#bytesIn = this.bytesIn;
    this.#bytesOut = this.bytesOut;
    this.#connection = undefined;
    this.#playingSinceMs = undefined;
  }

  #setTimer(delayMs: number, callback: (lateMs: number) => void): void {
    const { clock } = this.#options;
    const dueMs = clock.monotonicMs() + delayMs;
    this.#cancelTimer?.();
    this.#cancelTimer = clock.schedule(delayMs, () => callback(clock.monotonicMs() - dueMs));
  }

  #setStatus(status: SessionStatus): void {
    if (this.#status === status) return;
    this.#status = status;
    this.#options.statusChanged(status);
  }
}
