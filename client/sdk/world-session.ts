import { NoticeKind, RejectionReason, type ServerFrame, type Welcome } from "#proto/frame_pb.ts";
import type { ClientWorld, CommandOf, WorldTypes } from "./client-world.ts";
import { Controls } from "./controls.ts";
import { Conversation } from "./conversation.ts";
import type { Emits, Emitter } from "./emitter.ts";
import * as encoder from "./encoder.ts";
import { GameTime } from "./game-time.ts";
import { Link, type LinkOptions } from "./link.ts";
import { Mirror } from "./mirror.ts";
import { Pinger } from "./pinger.ts";
import type {
  ActionOutcome,
  CommonSessionEvents,
  SessionNotice,
  SessionStats,
  SessionStatus,
  SessionViewport,
} from "./session-types.ts";
import { UnansweredActions } from "./unanswered-actions.ts";

/** What any session needs of its host. */
export interface SessionOptions
  extends Pick<LinkOptions<unknown>, "clock" | "random" | "WebSocket" | "ticket" | "refused"> {
  readonly viewport?: SessionViewport;
  readonly randomBytes: (length: number) => Uint8Array;
}

/** A session of a certain world. */
export interface WorldSessionOptions<Types extends WorldTypes> extends SessionOptions {
  readonly world: ClientWorld<Types>;
  readonly events: Emitter<Types["events"]> & Emits<CommonSessionEvents<Types["event"]>>;
}

/**
 * A player's stay in a world: all that is the same in every world. A world's own session is built
 * on it, with what a player can do and see there; `AnySession` says what the public part promises.
 */
export class WorldSession<Types extends WorldTypes> {
  readonly #options: WorldSessionOptions<Types>;
  readonly #world: ClientWorld<Types>;
  readonly #link: Link<Types["frame"]>;
  readonly #pinger: Pinger;
  readonly #unanswered: UnansweredActions<Types["action"]>;
  readonly chat: Conversation;
  #notice: SessionNotice | null = null;
  /** In units of the wire. */
  #viewport: SessionViewport;
  #mirror: Mirror<Types> | undefined;
  #controls: Controls<Types["controls"]> | undefined;
  /** Actions from before the first acknowledgement, the last of each kind; done once it is here. */
  readonly #early = new Map<string | undefined, Types["action"]>();
  #sequence = 0;
  #strikeTick = 0;
  #corrections = 0;
  #lastCorrectionUnits = 0;

  constructor(options: WorldSessionOptions<Types>) {
    const { clock, world } = options;
    this.#options = options;
    this.#world = world;
    this.#unanswered = new UnansweredActions(options);
    this.chat = new Conversation({ clock, send: (frame) => this.#link.send(frame) });
    this.#viewport = this.#wireViewport(options.viewport ?? world.viewport);
    this.#pinger = new Pinger({
      clock,
      ping: (nowMs) => this.#link.send(encoder.encodePing(nowMs)),
    });
    this.#link = new Link<Types["frame"]>({
      ...options,
      world: world.name,
      readTick: (bytes) => world.readTick(bytes),
      viewport: () => this.#viewport,
      welcomed: (welcome, helloMs) => this.#welcomed(welcome, helloMs),
      ticked: (frame) => this.#ticked(frame),
      received: (frame) => this.#received(frame),
      statusChanged: (status) => this.#statusChanged(status),
      goodbye: (goodbye) => this.#tell.emit("goodbye", goodbye),
    });
  }

  /** Joins; resolves when the shard has welcomed the player. */
  start(): Promise<void> {
    return this.#link.start();
  }

  get status(): SessionStatus {
    return this.#link.status;
  }

  get shardKey(): string {
    return this.#link.shardKey;
  }

  get region(): string {
    return this.#link.region;
  }

  get entityId(): number {
    return this.mirror.entityId;
  }

  get parameters(): Types["parameters"] {
    return this.mirror.parameters;
  }

  get stats(): SessionStats {
    const { time, surroundings } = this.mirror;
    return {
      rttMs: time.rttMs,
      jitterMs: time.jitterMs,
      serverTick: time.serverTick(this.clockMs),
      bytesIn: this.#link.bytesIn,
      bytesOut: this.#link.bytesOut,
      framesIn: this.#link.framesIn,
      corrections: this.#corrections,
      lastCorrectionUnits: this.#lastCorrectionUnits,
      reconnects: this.#link.reconnects,
      interpolationDelayMs: time.interpolationDelayMs,
      frameIntervalMs: time.frameIntervalMs,
      stateChecks: surroundings.stateChecks,
      stateMismatches: surroundings.stateMismatches,
    };
  }

  get notice(): SessionNotice | null {
    return this.#notice;
  }

  on<Name extends keyof Types["events"]>(
    name: Name,
    handler: (event: Types["events"][Name]) => void,
  ): () => void {
    return this.#options.events.on(name, handler);
  }

  perform(
    action: Types["durable"],
    options: { actionId?: Uint8Array } = {},
  ): Promise<ActionOutcome> {
    const message = this.#world.messageOf(action);
    const fault = encoder.faultOf(this.#world.actionSchema, message);
    if (fault !== undefined) {
      return Promise.reject(new RangeError(`cannot ${action.case}: ${fault}; mend its numbers`));
    }
    const outcome = this.#unanswered.add(action.case, message, options.actionId);
    const { own } = this;
    const surroundings = this.#mirror?.surroundings;
    if (surroundings !== undefined) {
      this.#world.foresee?.({ action, outcome, surroundings, own });
    }
    this.#advance(this.clockMs);
    return outcome;
  }

  setViewport(width: number, height: number): void {
    const viewport = this.#wireViewport({ width, height });
    const { width: wide, height: high } = this.#viewport;
    if (viewport.width === wide && viewport.height === high) return;
    this.#viewport = viewport;
    this.#link.send(encoder.encodeViewport(viewport));
  }

  leave(): Promise<void> {
    return this.#link.leave(encoder.encodeLeave());
  }

  protected get clockMs(): number {
    return this.#options.clock.monotonicMs();
  }

  /** The world as it is known; throws before the player has joined. */
  protected get mirror(): Mirror<Types> {
    if (this.#mirror === undefined) throw new Error("cannot use session: it has not joined yet");
    return this.#mirror;
  }

  /** The own player as predicted; undefined before the first acknowledgement. */
  protected get own(): Types["self"] | undefined {
    return this.#mirror?.predictor?.current;
  }

  /** Predicts up to now and tells the events that are due: what is to be drawn then. */
  protected play(nowMs: number): Mirror<Types> {
    this.#advance(nowMs);
    this.#tellEvents(nowMs);
    return this.mirror;
  }

  /** Holds these controls from now on. */
  protected hold(controls: Types["controls"]): void {
    this.#controls?.hold(controls);
    this.#advance(this.clockMs);
  }

  /** Does something that does not last, and is predicted; dropped while nobody plays. */
  protected act(action: Types["action"]): void {
    if (this.#isStanding) return;
    const tick = this.#advance(this.clockMs);
    if (tick !== undefined) this.#command(tick, { case: "action", value: action });
    else if (this.status === "playing") this.#early.set(action.action.case, action);
  }

  /**
   * Acts, at most once in a tick. Known refusals are told and not worth a frame: a held key would
   * send sixty of them a second.
   */
  protected strike(
    action: Types["action"],
    isDead: (self: Types["self"], tick: number) => boolean,
  ): void {
    const tick = this.#advance(this.clockMs);
    const { own } = this;
    if (tick === undefined || own === undefined) {
      this.act(action);
      return;
    }
    const cooling = own.attackReadyTick > tick || this.#strikeTick === tick;
    if (isDead(own, tick)) this.#refuse(RejectionReason.DEAD);
    else if (cooling) this.#refuse(RejectionReason.COOLDOWN);
    else {
      this.#strikeTick = tick;
      this.act(action);
    }
  }

  get #tell(): Emits<CommonSessionEvents<Types["event"]>> {
    return this.#options.events;
  }

  #wireViewport({ width, height }: SessionViewport): SessionViewport {
    const { viewportUnit } = this.#world;
    return { width: Math.round(width * viewportUnit), height: Math.round(height * viewportUnit) };
  }

  /** Predicts up to now and sends what is held; returns the tick that a command now belongs to. */
  #advance(nowMs: number): number | undefined {
    if (this.status !== "playing") return undefined;
    const tick = this.#mirror?.advance(nowMs);
    if (tick === undefined) return undefined;
    // A world that stands still takes durable actions and nothing else.
    const controls = this.#isStanding ? undefined : this.#controls?.due(tick);
    if (controls !== undefined) this.#command(tick, { case: "controls", value: controls });
    this.#unanswered.send(nowMs, (value, actionId) => {
      this.#sequence += 1;
      this.#mirror?.predictor?.surprise(this.#sequence);
      const command = { case: "action" as const, value };
      this.#send({ sequence: this.#sequence, tick, command, actionId });
    });
    return tick;
  }

  get #isStanding(): boolean {
    return this.#mirror?.time.standsAt !== undefined;
  }

  #command(tick: number, command: CommandOf<Types>["command"]): void {
    this.#sequence += 1;
    const numbered = { sequence: this.#sequence, tick, command };
    this.#mirror?.predictor?.command(numbered);
    this.#send(numbered);
  }

  #send(numbered: CommandOf<Types>): void {
    this.#link.send(encoder.encodeCommand(this.#world.form, numbered));
  }

  #refuse(reason: RejectionReason): void {
    this.#tell.emit("rejection", { sequence: 0, reason });
  }

  #welcomed(welcome: Welcome, helloMs: number): void {
    const parameters = this.#world.parametersOf(welcome);
    if (parameters === undefined) return;
    const nowMs = this.clockMs;
    const { tick, entityId, resumed } = welcome;
    this.#unanswered.reconnected(this.shardKey);
    // One that is still true comes again after the welcome.
    if (this.#notice !== null) this.#tellNotice({ kind: NoticeKind.RECOVERED, message: "" });
    this.#goOn(tick + 1);
    if (resumed && this.#mirror?.entityId === entityId) {
      this.#sequence = Math.max(this.#sequence, welcome.sequence);
      this.#controls?.restart();
      // A shard that was away for a while has not counted on meanwhile.
      this.#mirror.time.welcomed(helloMs, nowMs, tick);
      this.#mirror.resume();
      return;
    }
    const { tickRate } = parameters;
    const time = new GameTime({ tickRate, sendIntervalTicks: welcome.sendIntervalTicks, nowMs });
    time.welcomed(helloMs, nowMs, tick);
    this.#enter(parameters, entityId, time);
    this.#sequence = welcome.sequence;
    this.#strikeTick = 0;
  }

  /** Begins anew, as nobody knows the player there. What is held is held on. */
  #enter(parameters: Types["parameters"], entityId: number, time: GameTime): void {
    const world = this.#world;
    const send = (frame: Uint8Array) => void this.#link.send(frame);
    this.#mirror?.surroundings.close?.();
    this.#mirror = new Mirror({ world, parameters, entityId, time, send });
    const held = this.#controls?.held;
    this.#controls = new Controls({ kind: world.controls, tickRate: parameters.tickRate });
    if (held !== undefined) this.#controls.hold(held);
  }

  #statusChanged(status: SessionStatus): void {
    if (status === "playing") this.#pinger.start();
    else {
      this.#pinger.stop();
      this.#early.clear();
      this.chat.cut();
    }
    if (status === "closed") this.#unanswered.close();
    this.#tell.emit("status", status);
  }

  #received(frame: ServerFrame["frame"]): void {
    const nowMs = this.clockMs;
    const { time, parameters } = this.mirror;
    this.#pinger.poll();
    if (frame.case === "pong") {
      const { clientTimeMs, tick, tickElapsedMicros } = frame.value;
      const elapsedTicks = (tickElapsedMicros * parameters.tickRate) / 1_000_000;
      time.answered(clientTimeMs, nowMs, tick + elapsedTicks);
    } else if (frame.case === "rejection") {
      const { sequence, reason } = frame.value;
      this.#tell.emit("rejection", { sequence, reason });
    } else if (frame.case === "result") {
      this.#unanswered.answered(frame.value);
    } else if (frame.case === "chat") {
      this.chat.heard(frame.value);
    } else if (frame.case === "chatResult") {
      this.chat.answered(frame.value);
    } else if (frame.case === "notice") {
      const { kind, message, tick } = frame.value;
      if (kind === NoticeKind.ANNOUNCEMENT) {
        this.#tell.emit("notice", { kind, message });
        return;
      }
      if (kind === NoticeKind.STORAGE_STALLED) time.stand(tick, nowMs);
      else this.#goOn(tick + 1);
      this.#tellNotice({ kind, message });
    }
  }

  /** The world stood still and goes on with this tick; what it was sent meanwhile is lost. */
  #goOn(tick: number): void {
    if (this.#mirror === undefined || !this.#isStanding) return;
    this.#mirror.time.goOn(tick, this.clockMs);
    this.#mirror.predictor?.forget();
    this.#controls?.restart();
    if (this.status === "playing") this.#pinger.start();
  }

  #tellNotice(notice: SessionNotice): void {
    this.#notice = notice.kind === NoticeKind.RECOVERED ? null : notice;
    this.#tell.emit("notice", notice);
  }

  #ticked(frame: Types["frame"]): void {
    const nowMs = this.clockMs;
    const { mirror } = this;
    this.#pinger.poll();
    if (frame.tick > (mirror.time.standsAt ?? frame.tick)) this.#goOn(frame.tick);
    const correction = mirror.apply(frame, nowMs);
    mirror.surroundings.tell?.();
    if (correction !== undefined) {
      this.#corrections += 1;
      this.#lastCorrectionUnits = correction.units;
      this.#tell.emit("correction", correction);
    }
    this.#advance(nowMs);
    if (mirror.predictor !== undefined) this.#actEarly();
    this.#tellEvents(nowMs);
  }

  #actEarly(): void {
    const actions = [...this.#early.values()];
    this.#early.clear();
    for (const action of actions) this.act(action);
  }

  #tellEvents(nowMs: number): void {
    for (const event of this.mirror.dueEvents(nowMs)) this.#tell.emit("event", event);
  }
}
