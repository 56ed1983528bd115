import type { Random } from "#shared/sim/index.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { Admission, Door } from "./admission.ts";
import type { Crowd } from "./behaviour.ts";
import { LoadWorker } from "./load-worker.ts";
import { OutstandingInputs } from "./outstanding-inputs.ts";
import { PlayerMotion } from "./player-motion.ts";
import type { Recorder } from "./recorder.ts";
import { SwarmSocket } from "./swarm-socket.ts";
import {
  closeFrame,
  MessageReader,
  type MessageSink,
  upgradeRequest,
} from "./websocket-framing.ts";
import {
  createNews,
  type Message,
  type Viewport,
  type WelcomeNews,
  type Wire,
  type WorkWire,
} from "./wire.ts";

/** What all clients of a swarm share. */
export interface SwarmContext {
  readonly wire: Wire;
  readonly clock: Clock;
  readonly random: Random;
  readonly recorder: Recorder;
  readonly admission: Admission;
  readonly viewport: Viewport;
  readonly crowd: Crowd;
  /** Inputs on their way that are remembered for each client. */
  readonly outstandingMax: number;
}

/** Follows all frames of one client with a real view of the world, to prove that it is in sync. */
export interface FrameProof {
  welcomed(message: Message): void;
  ticked(message: Message): void;
}

/** `away` means cut and on the way back, `gone` means for good. */
export type ClientPhase = "outside" | "entering" | "playing" | "away" | "gone";

/** Before it connects again; doubles with each failure in a row. */
const RETRY_MS = 200;
const RETRY_MS_MAX = 5_000;
/** Failures in a row after which it stays away. */
const FAILURES_MAX = 12;
/** From the attempt to the welcome. */
const ENTER_MS_MAX = 15_000;
/** Pings on their way that are remembered; at the bound the oldest counts as lost. */
const PINGS_MAX = 32;
/** Units by which two clients may be off from where they are believed to be. */
const SIGHT_MARGIN = 60;
/** After one of these there is no way back. */
const FINAL_REASONS = ["REPLACED", "REVOKED", "LEFT", "PROTOCOL_VERSION"];

// Both are filled anew for each message, of whichever client.
const news = createNews();
const message: Message = { bytes: new Uint8Array(0), start: 0, end: 0 };

/** One cheap player: it gets in, turns when told to, comes back when cut, and measures. */
export class LoadClient implements MessageSink {
  readonly index: number;
  /** Phase of its turns in their period, 0 to 1. */
  readonly phase: number;
  readonly motion: PlayerMotion;
  readonly #context: SwarmContext;
  readonly #proof: FrameProof | undefined;
  readonly #inputs: OutstandingInputs;
  readonly #worker: LoadWorker | undefined;
  readonly #pingsMs: number[] = [];
  state: ClientPhase = "outside";
  entity = 0;
  #welcome: WelcomeNews | undefined;
  #door: Door | undefined;
  #socket: SwarmSocket | undefined;
  #reader: MessageReader | undefined;
  #goodbye = "";
  #failures = 0;
  /** Since when it wants to be in. */
  #wantsMs = 0;
  #cancelTimer: (() => void) | undefined;
  readonly #entered = Promise.withResolvers<void>();
  #lastTick = 0;
  #lastFrameMs = 0;
  /** Who looks at its turns. */
  observer: LoadClient | undefined;
  // Whom it looks at: a turn that it has not seen yet.
  #watched = 0;
  #bitsBefore = 0;
  #turnedMs = 0;

  constructor(
    index: number,
    context: SwarmContext,
    options: { phase: number; roams: boolean; proof: FrameProof | undefined },
  ) {
    const { random, crowd, outstandingMax, recorder } = context;
    this.index = index;
    this.#context = context;
    this.phase = options.phase;
    this.#proof = options.proof;
    this.motion = new PlayerMotion({ random, crowd, roams: options.roams });
    this.#inputs = new OutstandingInputs(outstandingMax, recorder.ack);
    const { work } = context.wire;
    this.#worker = work && this.#hire(work);
  }

  /** Gets in; resolves when it plays, and also when it has given up. */
  enter(wantsMs: number): Promise<void> {
    this.#wantsMs = wantsMs;
    void this.#connect();
    return this.#entered.promise;
  }

  /** Leaves the world and stays away. */
  leave(): void {
    const { wire } = this.#context;
    const goodbye = wire.leave();
    if (this.state === "playing" && goodbye !== undefined) this.#socket?.write(goodbye);
    this.#socket?.write(closeFrame());
    this.#stayAway();
    this.#socket?.end();
  }

  /** Loses the connection, as on a bad line; it comes back by itself. */
  cut(): void {
    this.#socket?.cut();
  }

  /** Its turn to change direction has come; it was meant to be at `intendedMs`. */
  turn(intendedMs: number, nowMs: number): void {
    if (this.state !== "playing") return;
    const before = this.motion.bits;
    if (!this.motion.turn(nowMs)) return;
    const { wire, recorder } = this.#context;
    const sequence = this.#inputs.next(intendedMs, nowMs);
    this.#socket?.write(wire.controls(sequence, this.motion.dx, this.motion.dy));
    recorder.counters.inputs += 1;
    this.observer?.look(this, { before, intendedMs });
  }

  attack(intendedMs: number, nowMs: number): void {
    if (this.state !== "playing") return;
    const { wire, recorder } = this.#context;
    const sequence = wire.tellsAttacks ? this.#inputs.next(intendedMs, nowMs) : 0;
    this.#socket?.write(wire.attack(sequence));
    recorder.counters.inputs += 1;
    this.motion.isFree = false;
    this.observer?.lookAway(this);
  }

  /** Begins with a piece of work where it is. */
  work(intendedMs: number, nowMs: number): void {
    if (this.state !== "playing" || !this.motion.isPlaced) return;
    this.#worker?.begin(this.motion.placeAt(nowMs), intendedMs, nowMs);
  }

  ping(intendedMs: number, nowMs: number): void {
    if (this.state !== "playing") return;
    if (this.#pingsMs.length === PINGS_MAX) this.#losePing(nowMs);
    this.#pingsMs.push(intendedMs);
    this.#socket?.write(this.#context.wire.ping(intendedMs));
  }

  /** Another client turns: how long until this one sees it? Only if it must be able to. */
  look(other: LoadClient, turn: { before: number; intendedMs: number }): void {
    if (this.#watched !== 0 || this.state !== "playing" || !other.motion.isFree) return;
    if (!this.sees(other, turn.intendedMs)) return;
    this.#watched = other.entity;
    this.#bitsBefore = turn.before;
    this.#turnedMs = turn.intendedMs;
  }

  /** The other one attacks or is dead, and will not be seen turning. */
  lookAway(other: LoadClient): void {
    if (this.#watched === other.entity) this.#watched = 0;
  }

  /** Whether the other one is on the same shard and within its window, with some margin. */
  sees(other: LoadClient, nowMs: number): boolean {
    if (this.address !== other.address) return false;
    if (!this.motion.isPlaced || !other.motion.isPlaced) return false;
    const { width, height } = this.#context.viewport;
    const here = this.motion.placeAt(nowMs);
    const there = other.motion.placeAt(nowMs);
    return (
      Math.abs(here.x - there.x) < width / 2 - SIGHT_MARGIN &&
      Math.abs(here.y - there.y) < height / 2 - SIGHT_MARGIN
    );
  }

  /** Of its shard; undefined before its first attempt to get in. */
  get address(): string | undefined {
    return this.#door?.address;
  }

  /** Whether something that was meant for a time before this one has not come back. */
  isWaiting(beforeMs: number): boolean {
    const [pingMs = Number.POSITIVE_INFINITY] = this.#pingsMs;
    if (this.#worker?.isWaiting(beforeMs)) return true;
    const seenMs = this.#watched === 0 ? Number.POSITIVE_INFINITY : this.#turnedMs;
    return Math.min(this.#inputs.oldestMs, pingMs, seenMs) < beforeMs;
  }

  /** Counts everything that has not come back as lost. */
  settle(nowMs: number): void {
    this.#inputs.loseAll(nowMs);
    this.#worker?.settle(nowMs);
    while (this.#pingsMs.length > 0) this.#losePing(nowMs);
    if (this.#watched !== 0) this.#context.recorder.observer.lose(this.#turnedMs, nowMs);
    this.#watched = 0;
  }

  /** Frames that were due before `atMs` and have not come, when it is clear that none comes. */
  overdueFrames(atMs: number): number {
    if (this.state !== "playing" || this.frameMs === 0 || this.#lastFrameMs === 0) return 0;
    return Math.max(0, Math.floor((atMs - this.#lastFrameMs) / this.frameMs));
  }

  /** Time between two of its frames; 0 before its first welcome. */
  get frameMs(): number {
    return this.#welcome?.frameMs ?? 0;
  }

  upgraded(): void {
    const { wire, viewport } = this.#context;
    const token = this.#welcome?.resumeToken ?? "";
    const credential = token === "" ? { ticket: this.#door?.ticket ?? "" } : { resumeToken: token };
    this.#socket?.write(wire.hello(credential, viewport));
  }

  message(bytes: Uint8Array, start: number, end: number): void {
    message.bytes = bytes;
    message.start = start;
    message.end = end;
    this.#context.wire.read(message, this.#watched, news);
    switch (news.kind) {
      case "tick":
        this.#ticked(this.#context.clock.monotonicMs());
        break;
      case "pong":
        this.#ponged(this.#context.clock.monotonicMs());
        break;
      case "welcome":
        this.#welcomed(this.#context.clock.monotonicMs());
        break;
      case "rejection":
        this.#context.recorder.counters.rejections += 1;
        break;
      case "result":
        this.#worker?.answered(news.isDone, this.#context.clock.monotonicMs());
        break;
      case "goodbye":
        this.#goodbye = news.goodbye;
        break;
    }
  }

  pinged(pong: Uint8Array): void {
    this.#socket?.write(pong);
  }

  closing(code: number): void {
    this.#drop(this.#goodbye === "" ? `close ${code}` : this.#goodbye);
  }

  broken(why: string): void {
    this.#drop(why);
  }

  async #connect(): Promise<void> {
    const { admission, clock, wire } = this.#context;
    this.state = "entering";
    this.#goodbye = "";
    this.#cancelTimer = clock.schedule(ENTER_MS_MAX, () => this.#drop("no welcome in time"));
    try {
      if (this.#welcome === undefined) this.#door = await admission.admit(this.index);
    } catch (error) {
      this.#ended(error instanceof Error ? error.message : String(error));
      return;
    }
    if (this.state !== "entering" || this.#door === undefined) return;
    const url = new URL(wire.path, this.#door.address);
    const reader = new MessageReader(this);
    this.#reader = reader;
    const socket: SwarmSocket = new SwarmSocket(url, {
      opened: () => socket.write(upgradeRequest(url)),
      received: (chunk) => {
        this.#context.recorder.counters.bytes += chunk.length;
        reader.feed(chunk);
      },
      ended: (why) => {
        if (this.#reader === reader) this.#ended(this.#goodbye === "" ? why : this.#goodbye);
      },
    });
    this.#socket = socket;
  }

  #welcomed(nowMs: number): void {
    const { recorder } = this.#context;
    const { welcome } = news;
    if (this.state === "playing") {
      // The ancestor's full state comes again now and then; only the first one tells the own place.
      news.x = Number.NaN;
      this.#ticked(nowMs);
    }
    if (welcome === undefined || this.state !== "entering") return;
    this.#cancelTimer?.();
    const track = welcome.resumed ? recorder.resume : recorder.join;
    track.record(this.#wantsMs, nowMs);
    if (welcome.resumed) recorder.counters.resumes += 1;
    this.#welcome = welcome;
    this.#failures = 0;
    this.entity = welcome.entity;
    this.#lastTick = news.tick;
    this.#lastFrameMs = 0;
    this.#inputs.restart(welcome.sequence, nowMs);
    this.motion.enter(welcome.world);
    if (!Number.isNaN(news.x)) this.motion.told(news, nowMs);
    this.state = "playing";
    this.#proof?.welcomed(message);
    this.#entered.resolve();
  }

  #ticked(nowMs: number): void {
    const { recorder } = this.#context;
    const { counters } = recorder;
    counters.frames += 1;
    if (this.#lastFrameMs !== 0) {
      recorder.frameGap.record(this.#lastFrameMs, nowMs);
      const frames = Math.round((news.tick - this.#lastTick) / (this.#welcome?.frameTicks ?? 1));
      if (frames > 1) counters.missedFrames += frames - 1;
    }
    this.#lastTick = news.tick;
    this.#lastFrameMs = nowMs;
    if (news.acked >= 0) this.#inputs.acknowledge(news.acked, nowMs);
    if (!Number.isNaN(news.x)) this.#told(nowMs);
    if (news.seen >= 0 && news.seen !== this.#bitsBefore && this.#watched !== 0) {
      recorder.observer.record(this.#turnedMs, nowMs);
      this.#watched = 0;
    }
    this.#proof?.ticked(message);
    this.#worker?.ticked(message, nowMs);
  }

  #hire(wire: WorkWire): LoadWorker {
    return new LoadWorker({
      wire,
      recorder: this.#context.recorder,
      nextSequence: (intendedMs, nowMs) => this.#inputs.next(intendedMs, nowMs),
      send: (frame) => this.#socket?.write(frame),
    });
  }

  #told(nowMs: number): void {
    this.motion.told(news, nowMs);
    if (news.isFree) return;
    this.observer?.lookAway(this);
    // It may come back to life where it sees others.
    this.#watched = 0;
  }

  #ponged(nowMs: number): void {
    const sentMs = this.#pingsMs.shift();
    if (sentMs !== undefined) this.#context.recorder.ping.record(sentMs, nowMs);
  }

  #losePing(nowMs: number): void {
    const sentMs = this.#pingsMs.shift();
    if (sentMs !== undefined) this.#context.recorder.ping.lose(sentMs, nowMs);
  }

  /** Ends a connection that is of no use; what follows is as if it had ended by itself. */
  #drop(why: string): void {
    const socket = this.#socket;
    this.#reader = undefined;
    socket?.end();
    this.#ended(why);
  }

  #ended(why: string): void {
    if (this.state === "gone") return;
    const { recorder, clock } = this.#context;
    const nowMs = clock.monotonicMs();
    const wasPlaying = this.state === "playing";
    recorder.noteReason(why);
    if (wasPlaying) {
      recorder.counters.cuts += 1;
      this.#wantsMs = nowMs;
    } else {
      recorder.counters.failures += 1;
      this.#failures += 1;
    }
    this.#cancelTimer?.();
    this.#socket = undefined;
    this.#reader = undefined;
    // A refused token is used up: the way back is by a new ticket.
    if (!wasPlaying && this.#goodbye !== "" && this.#goodbye !== "STOPPING") {
      this.#welcome = undefined;
    }
    if (this.#failures >= FAILURES_MAX || FINAL_REASONS.includes(this.#goodbye)) {
      recorder.counters.givenUp += 1;
      this.settle(nowMs);
      this.#stayAway();
      return;
    }
    this.state = "away";
    const waitMs = Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** Math.max(0, this.#failures - 1));
    this.#cancelTimer = clock.schedule(waitMs, () => void this.#connect());
  }

  #stayAway(): void {
    this.#cancelTimer?.();
    this.state = "gone";
    this.#reader = undefined;
    this.#entered.resolve();
  }
}
