import { create } from "@bufbuild/protobuf";
import { type ArenaAction as ActionMessage, ArenaActionSchema } from "#proto/arena_pb.ts";
import { NoticeKind, RejectionReason, type ServerFrame, type Welcome } from "#proto/frame_pb.ts";
import { VIEWPORT_DEFAULT } from "#shared/net/protocol.ts";
import { TickFrame } from "#shared/net/tick-frame.ts";
import { readTickFrame } from "#shared/net/tick-reader.ts";
import type { ArenaAction, ArenaParameters } from "#shared/sim/index.ts";
import { ArenaMirror } from "./arena-mirror.ts";
import { ArenaScreen } from "./arena-screen.ts";
import { Controls } from "./controls.ts";
import { Conversation } from "./conversation.ts";
import { Emitter } from "./emitter.ts";
import * as encoder from "./encoder.ts";
import { GameTime } from "./game-time.ts";
import { Link, type LinkOptions } from "./link.ts";
import { Pinger } from "./pinger.ts";
import type {
  ActionOutcome,
  ArenaView,
  DurableAction,
  SelfState,
  Session,
  SessionEvents,
  SessionNotice,
  SessionStats,
  SessionStatus,
  SessionViewport,
} from "./session-types.ts";
import { UnansweredActions } from "./unanswered-actions.ts";

export interface GameSessionOptions
  extends Pick<LinkOptions<TickFrame>, "clock" | "random" | "WebSocket" | "ticket" | "refused"> {
  readonly viewport?: SessionViewport;
  readonly randomBytes: (length: number) => Uint8Array;
}

type ActionInit = Exclude<ArenaAction["action"], { readonly case: undefined }>;

const NOBODY: SelfState = {
  kills: 0,
  deaths: 0,
  score: 0,
  credits: 0,
  health: 0,
  respawnTick: 0,
  attackReadyTick: 0,
};

/** A player's stay in an arena; see `Session` for what it promises. */
export class GameSession implements Session {
  readonly #options: GameSessionOptions;
  readonly #link: Link<TickFrame>;
  /** Filled again by each frame. */
  readonly #frame = new TickFrame();
  readonly #pinger: Pinger;
  readonly #screen = new ArenaScreen();
  readonly #events = new Emitter<SessionEvents>({
    status: new Set(),
    event: new Set(),
    rejection: new Set(),
    goodbye: new Set(),
    notice: new Set(),
    correction: new Set(),
  });
  readonly #unanswered: UnansweredActions<ActionMessage>;
  readonly chat: Conversation;
  #notice: SessionNotice | null = null;
  #viewport: SessionViewport;
  #mirror: ArenaMirror | undefined;
  /** What is drawn: the last world stays until there is something to see of the next one. */
  #shown: ArenaMirror | undefined;
  #controls: Controls | undefined;
  /** Actions from before the first acknowledgement, the last of each kind; done once it is here. */
  readonly #early = new Map<ActionInit["case"], ActionInit>();
  #sequence = 0;
  #attackTick = 0;
  #corrections = 0;
  #lastCorrectionUnits = 0;

  constructor(options: GameSessionOptions) {
    const { clock } = options;
    this.#options = options;
    this.#unanswered = new UnansweredActions(options);
    this.chat = new Conversation({ clock, send: (frame) => this.#link.send(frame) });
    this.#viewport = options.viewport ?? VIEWPORT_DEFAULT;
    this.#pinger = new Pinger({
      clock,
      ping: (nowMs) => this.#link.send(encoder.encodePing(nowMs)),
    });
    this.#link = new Link<TickFrame>({
      ...options,
      world: "arena",
      readTick: (bytes) => (readTickFrame(bytes, this.#frame) ? this.#frame : undefined),
      viewport: () => this.#viewport,
      welcomed: (welcome, from) => this.#welcomed(welcome, from),
      ticked: (frame) => this.#ticked(frame),
      received: (frame) => this.#received(frame),
      statusChanged: (status) => this.#statusChanged(status),
      goodbye: (goodbye) => this.#events.emit("goodbye", goodbye),
    });
  }

  /** Joins; resolves when the shard has welcomed the player. */
  start(): Promise<void> {
    return this.#link.start();
  }

  get status(): SessionStatus {
    return this.#link.status;
  }

  get entityId(): number {
    return this.#world.entityId;
  }

  get parameters(): ArenaParameters {
    return this.#world.parameters;
  }

  get selfState(): SelfState {
    // As it was shown last, until the next world tells.
    const { predictor } =
      (this.#mirror?.predictor === undefined ? this.#shown : this.#mirror) ?? {};
    return predictor?.current ?? NOBODY;
  }

  get stats(): SessionStats {
    const { time, others } = this.#world;
    return {
      rttMs: time.rttMs,
      jitterMs: time.jitterMs,
      serverTick: time.serverTick(this.#options.clock.monotonicMs()),
      bytesIn: this.#link.bytesIn,
      bytesOut: this.#link.bytesOut,
      framesIn: this.#link.framesIn,
      corrections: this.#corrections,
      lastCorrectionUnits: this.#lastCorrectionUnits,
      reconnects: this.#link.reconnects,
      interpolationDelayMs: time.interpolationDelayMs,
      frameIntervalMs: time.frameIntervalMs,
      stateChecks: others.stateChecks,
      stateMismatches: others.stateMismatches,
    };
  }

  get notice(): SessionNotice | null {
    return this.#notice;
  }

  on<Name extends keyof SessionEvents>(
    name: Name,
    handler: (event: SessionEvents[Name]) => void,
  ): () => void {
    return this.#events.on(name, handler);
  }

  setControls(dx: number, dy: number): void {
    this.#controls?.hold(dx, dy);
    this.#advance(this.#options.clock.monotonicMs());
  }

  face(right: boolean): void {
    if (this.#mirror?.predictor?.current.facingRight === right) return;
    this.#act({ case: "face", value: { right } });
  }

  attack(): void {
    const tick = this.#advance(this.#options.clock.monotonicMs());
    const self = this.#mirror?.predictor?.current;
    const attack: ActionInit = { case: "attack", value: {} };
    if (tick === undefined || self === undefined) {
      this.#act(attack);
      return;
    }
    // Known refusals are not worth a frame: a held key would send sixty of them a second.
    const cooling = self.attackReadyTick > tick || this.#attackTick === tick;
    if (self.respawnTick > tick) this.#refuse(RejectionReason.DEAD);
    else if (cooling) this.#refuse(RejectionReason.COOLDOWN);
    else {
      this.#attackTick = tick;
      this.#act(attack);
    }
  }

  perform(action: DurableAction, options: { actionId?: Uint8Array } = {}): Promise<ActionOutcome> {
    const message = messageOf(action);
    const fault = encoder.faultOf(ArenaActionSchema, message);
    if (fault !== undefined) {
      return Promise.reject(new RangeError(`cannot ${action.case}: ${fault}; mend its numbers`));
    }
    const outcome = this.#unanswered.add(action.case, message, options.actionId);
    this.#advance(this.#options.clock.monotonicMs());
    return outcome;
  }

  setViewport(width: number, height: number): void {
    const viewport = { width: Math.round(width), height: Math.round(height) };
    if (viewport.width === this.#viewport.width && viewport.height === this.#viewport.height)
      return;
    this.#viewport = viewport;
    this.#link.send(encoder.encodeViewport(viewport));
  }

  leave(): Promise<void> {
    return this.#link.leave(encoder.encodeLeave());
  }

  sample(nowMs: number = this.#options.clock.monotonicMs()): ArenaView {
    this.#advance(nowMs);
    this.#tellEvents(nowMs);
    const { others, time, predictor } = this.#world;
    const isVisible = predictor !== undefined && time.renderTick(nowMs) >= others.firstTick;
    if (isVisible || this.#shown === undefined) this.#shown = this.#mirror;
    return this.#screen.draw(this.#shown ?? this.#world, nowMs, this.status === "playing");
  }

  get #world(): ArenaMirror {
    if (this.#mirror === undefined) throw new Error("cannot use session: it has not joined yet");
    return this.#mirror;
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
      const command = { case: "action" as const, value };
      this.#mirror?.predictor?.surprise(this.#sequence);
      this.#link.send(encoder.encodeCommand({ sequence: this.#sequence, tick, command, actionId }));
    });
    return tick;
  }

  get #isStanding(): boolean {
    return this.#mirror?.time.standsAt !== undefined;
  }

  #act(action: ActionInit): void {
    if (this.#isStanding) return;
    const tick = this.#advance(this.#options.clock.monotonicMs());
    if (tick === undefined) {
      if (this.status === "playing") this.#early.set(action.case, action);
      return;
    }
    this.#command(tick, { case: "action", value: create(ArenaActionSchema, { action }) });
  }

  #command(tick: number, command: encoder.PlayerCommand["command"]): void {
    this.#sequence += 1;
    const numbered = { sequence: this.#sequence, tick, command };
    this.#mirror?.predictor?.command(numbered);
    this.#link.send(encoder.encodeCommand(numbered));
  }

  #refuse(reason: RejectionReason): void {
    this.#events.emit("rejection", { sequence: 0, reason });
  }

  #welcomed(welcome: Welcome, { helloMs, shardKey }: { helloMs: number; shardKey: string }): void {
    if (welcome.world.case !== "arena") return;
    const nowMs = this.#options.clock.monotonicMs();
    this.#unanswered.reconnected(shardKey);
    // One that is still true comes again after the welcome.
    if (this.#notice !== null) this.#tellNotice({ kind: NoticeKind.RECOVERED, message: "" });
    this.#goOn(welcome.tick + 1);
    const { entityId, resumed, sendIntervalTicks } = welcome;
    const parameters = welcome.world.value;
    if (resumed && this.#mirror?.entityId === entityId) {
      this.#sequence = Math.max(this.#sequence, welcome.sequence);
      this.#controls?.restart(true);
      // A shard that was away for a while has not counted on meanwhile.
      this.#mirror.time.welcomed(helloMs, nowMs, welcome.tick);
      this.#mirror.resume();
      return;
    }
    const { tickRate } = parameters;
    const time = new GameTime({ tickRate, sendIntervalTicks, nowMs });
    time.welcomed(helloMs, nowMs, welcome.tick);
    this.#mirror = new ArenaMirror({ parameters, entityId, time });
    const held = this.#controls?.held;
    this.#controls = new Controls({ tickRate });
    if (held !== undefined) this.#controls.hold(held.dx, held.dy);
    this.#sequence = welcome.sequence;
    this.#attackTick = 0;
  }

  #statusChanged(status: SessionStatus): void {
    if (status === "playing") this.#pinger.start();
    else {
      this.#pinger.stop();
      this.#early.clear();
      this.chat.cut();
    }
    if (status === "closed") this.#unanswered.close();
    this.#events.emit("status", status);
  }

  #received(frame: ServerFrame["frame"]): void {
    const nowMs = this.#options.clock.monotonicMs();
    const mirror = this.#world;
    this.#pinger.poll();
    if (frame.case === "pong") {
      const { clientTimeMs, tick, tickElapsedMicros } = frame.value;
      const elapsedTicks = (tickElapsedMicros * mirror.parameters.tickRate) / 1_000_000;
      mirror.time.answered(clientTimeMs, nowMs, tick + elapsedTicks);
    } else if (frame.case === "rejection") {
      const { sequence, reason } = frame.value;
      this.#events.emit("rejection", { sequence, reason });
    } else if (frame.case === "result") {
      this.#unanswered.answered(frame.value);
    } else if (frame.case === "chat") {
      this.chat.heard(frame.value);
    } else if (frame.case === "chatResult") {
      this.chat.answered(frame.value);
    } else if (frame.case === "notice") {
      const { kind, message, tick } = frame.value;
      if (kind === NoticeKind.ANNOUNCEMENT) {
        this.#events.emit("notice", { kind, message });
        return;
      }
      if (kind === NoticeKind.STORAGE_STALLED) mirror.time.stand(tick, nowMs);
      else this.#goOn(tick + 1);
      this.#tellNotice({ kind, message });
    }
  }

  /** The world stood still and goes on with this tick; what it was sent meanwhile is lost. */
  #goOn(tick: number): void {
    if (this.#mirror === undefined || !this.#isStanding) return;
    this.#mirror.time.goOn(tick, this.#options.clock.monotonicMs());
    this.#mirror.predictor?.forget();
    this.#controls?.restart(true);
    if (this.status === "playing") this.#pinger.start();
  }

  #tellNotice(notice: SessionNotice): void {
    this.#notice = notice.kind === NoticeKind.RECOVERED ? null : notice;
    this.#events.emit("notice", notice);
  }

  #ticked(frame: TickFrame): void {
    const nowMs = this.#options.clock.monotonicMs();
    const mirror = this.#world;
    this.#pinger.poll();
    if (frame.tick > (mirror.time.standsAt ?? frame.tick)) this.#goOn(frame.tick);
    const correction = mirror.apply(frame, nowMs);
    if (correction !== undefined) {
      this.#corrections += 1;
      this.#lastCorrectionUnits = correction.units;
      this.#events.emit("correction", correction);
    }
    this.#advance(nowMs);
    if (mirror.predictor !== undefined) this.#actEarly();
    this.#tellEvents(nowMs);
  }

  #actEarly(): void {
    const actions = [...this.#early.values()];
    this.#early.clear();
    for (const action of actions) this.#act(action);
  }

  #tellEvents(nowMs: number): void {
    for (const event of this.#world.dueEvents(nowMs)) this.#events.emit("event", event);
  }
}

function messageOf(action: DurableAction): ActionMessage {
  const init: ActionInit =
    action.case === "respawn"
      ? { case: "respawn", value: {} }
      : { case: "give", value: { entity: action.entity } };
  return create(ArenaActionSchema, { action: init });
}
