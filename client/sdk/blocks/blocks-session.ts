import { create, fromBinary } from "@bufbuild/protobuf";
import { type BlocksAction, BlocksActionSchema } from "#proto/blocks_pb.ts";
import {
  NoticeKind,
  RejectionReason,
  type ServerFrame,
  ServerFrameSchema,
  type Tick,
  type Welcome,
} from "#proto/frame_pb.ts";
import { WireError } from "#shared/net/wire-reader.ts";
import type { BlocksParameters } from "#shared/sim/index.ts";
import { ActionError } from "../action-error.ts";
import { Controls } from "../controls.ts";
import { Conversation } from "../conversation.ts";
import { Emitter } from "../emitter.ts";
import { encodeLeave, encodePing, encodeViewport, faultOf } from "../encoder.ts";
import { GameTime } from "../game-time.ts";
import { Link, type LinkOptions } from "../link.ts";
import { Pinger } from "../pinger.ts";
import type {
  ActionOutcome,
  SessionNotice,
  SessionStats,
  SessionStatus,
  SessionViewport,
} from "../session-types.ts";
import { UnansweredActions } from "../unanswered-actions.ts";
import {
  type BlocksCommand,
  encodeBlocksCommand,
  encodeResync,
  messageOf,
} from "./blocks-encoder.ts";
import { BlocksMirror } from "./blocks-mirror.ts";
import { BlocksScreen } from "./blocks-screen.ts";
import type {
  BlocksDurableAction,
  BlocksLandView,
  BlocksSelfState,
  BlocksSession,
  BlocksSessionEvents,
  BlocksWorldView,
} from "./blocks-session-types.ts";
import { foreseenBlock } from "./foreseen-block.ts";

/** Units of a viewport in a block. */
const UNITS_PER_BLOCK = 16;
/** 50 × 38 blocks. */
const VIEWPORT: SessionViewport = { width: 800, height: 608 };
/** First byte of a server frame that holds a tick. */
const TICK_TAG = 0x12;

export interface BlocksSessionOptions
  extends Pick<LinkOptions<Tick>, "clock" | "random" | "WebSocket" | "ticket" | "refused"> {
  /** In blocks. */
  readonly viewport?: SessionViewport;
  readonly randomBytes: (length: number) => Uint8Array;
}

/** A player's stay in a world of blocks; see `BlocksSession` for what it promises. */
export class GameBlocksSession implements BlocksSession {
  readonly #options: BlocksSessionOptions;
  readonly #link: Link<Tick>;
  readonly #pinger: Pinger;
  readonly #events = new Emitter<BlocksSessionEvents>({
    status: new Set(),
    event: new Set(),
    chunk: new Set(),
    self: new Set(),
    rollback: new Set(),
    rejection: new Set(),
    goodbye: new Set(),
    notice: new Set(),
    correction: new Set(),
  });
  readonly #unanswered: UnansweredActions<BlocksAction>;
  readonly chat: Conversation;
  #notice: SessionNotice | null = null;
  #viewport: SessionViewport;
  #mirror: BlocksMirror | undefined;
  #screen: BlocksScreen | undefined;
  #controls: Controls | undefined;
  #sequence = 0;
  #corrections = 0;
  #lastCorrectionUnits = 0;

  constructor(options: BlocksSessionOptions) {
    const { clock, viewport } = options;
    this.#options = options;
    this.#unanswered = new UnansweredActions(options);
    this.chat = new Conversation({
      clock: options.clock,
      send: (frame) => this.#link.send(frame),
    });
    this.#viewport = viewport === undefined ? VIEWPORT : toUnits(viewport);
    this.#pinger = new Pinger({ clock, ping: (nowMs) => this.#link.send(encodePing(nowMs)) });
    this.#link = new Link<Tick>({
      ...options,
      world: "blocks",
      readTick,
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

  get parameters(): BlocksParameters {
    return this.#world.parameters;
  }

  get selfState(): BlocksSelfState {
    return this.#world.selfState;
  }

  get land(): BlocksLandView {
    return this.#world.land;
  }

  get notice(): SessionNotice | null {
    return this.#notice;
  }

  get stats(): SessionStats {
    const { time, view } = this.#world;
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
      stateChecks: view.checks,
      stateMismatches: view.mismatches,
    };
  }

  on<Name extends keyof BlocksSessionEvents>(
    name: Name,
    handler: (event: BlocksSessionEvents[Name]) => void,
  ): () => void {
    return this.#events.on(name, handler);
  }

  setControls(dx: number, dy: number): void {
    this.#controls?.hold(dx, dy);
    this.#advance(this.#options.clock.monotonicMs());
  }

  attack(entity: number): void {
    const tick = this.#advance(this.#options.clock.monotonicMs());
    const self = this.#mirror?.predictor?.current;
    if (tick === undefined || self === undefined) return;
    // Known refusals are not worth a frame: a held key would send sixty of them a second.
    if (self.health === 0) this.#refuse(RejectionReason.DEAD);
    else if (self.attackReadyTick > tick) this.#refuse(RejectionReason.COOLDOWN);
    else this.#act({ case: "attack", value: { entity } });
  }

  emote(emote: number): void {
    this.#act({ case: "emote", value: { emote } });
  }

  perform(
    action: BlocksDurableAction,
    options: { actionId?: Uint8Array } = {},
  ): Promise<ActionOutcome> {
    const message = messageOf(action);
    const fault = faultOf(BlocksActionSchema, message);
    if (fault !== undefined) {
      return Promise.reject(new RangeError(`cannot ${action.case}: ${fault}; mend its numbers`));
    }
    const outcome = this.#unanswered.add(action.case, message, options.actionId);
    this.#foresee(action, outcome);
    this.#advance(this.#options.clock.monotonicMs());
    return outcome;
  }

  setViewport(width: number, height: number): void {
    const viewport = toUnits({ width, height });
    const { width: wide, height: high } = this.#viewport;
    if (viewport.width === wide && viewport.height === high) return;
    this.#viewport = viewport;
    this.#link.send(encodeViewport(viewport));
  }

  leave(): Promise<void> {
    return this.#link.leave(encodeLeave());
  }

  sample(nowMs: number = this.#options.clock.monotonicMs()): BlocksWorldView {
    this.#advance(nowMs);
    this.#tellEvents(nowMs);
    this.#screen ??= new BlocksScreen(this.#world.land);
    return this.#screen.draw(this.#world, nowMs);
  }

  get #world(): BlocksMirror {
    if (this.#mirror === undefined) throw new Error("cannot use session: it has not joined yet");
    return this.#mirror;
  }

  get #isStanding(): boolean {
    return this.#mirror?.time.standsAt !== undefined;
  }

  /** Shows what is built or broken at once; refused, it goes. */
  #foresee(action: BlocksDurableAction, outcome: Promise<ActionOutcome>): void {
    const mirror = this.#mirror;
    if (mirror === undefined) return;
    const foreseen = foreseenBlock(mirror, action);
    const edit = foreseen && mirror.land.edit(foreseen.place, foreseen.block);
    if (foreseen === undefined || edit === undefined) return;
    outcome.then(
      ({ tick }) => mirror.land.settle(edit, tick),
      (error: unknown) => {
        mirror.land.undo(edit);
        const reason = error instanceof ActionError ? error.reason : null;
        this.#events.emit("rollback", { place: foreseen.place, reason });
      },
    );
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
      const numbered = { sequence: this.#sequence, tick, command, actionId };
      this.#link.send(encodeBlocksCommand(numbered));
    });
    return tick;
  }

  #act(action: NonNullable<Parameters<typeof createAction>[0]>): void {
    if (this.#isStanding) return;
    const tick = this.#advance(this.#options.clock.monotonicMs());
    if (tick === undefined) return;
    this.#command(tick, { case: "action", value: createAction(action) });
  }

  #command(tick: number, command: BlocksCommand["command"]): void {
    this.#sequence += 1;
    const numbered = { sequence: this.#sequence, tick, command };
    this.#mirror?.predictor?.command(numbered);
    this.#link.send(encodeBlocksCommand(numbered));
  }

  #refuse(reason: RejectionReason): void {
    this.#events.emit("rejection", { sequence: 0, reason });
  }

  #welcomed(welcome: Welcome, { helloMs, shardKey }: { helloMs: number; shardKey: string }): void {
    if (welcome.world.case !== "blocks") return;
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
    this.#mirror?.view.clear();
    const chunk = (event: BlocksSessionEvents["chunk"]) => this.#events.emit("chunk", event);
    this.#mirror = new BlocksMirror({ parameters, entityId, time, chunk });
    const held = this.#controls?.held;
    this.#controls = new Controls({ tickRate });
    if (held !== undefined) this.#controls.hold(held.dx, held.dy);
    this.#sequence = welcome.sequence;
  }

  #statusChanged(status: SessionStatus): void {
    if (status === "playing") this.#pinger.start();
    else {
      this.#pinger.stop();
      this.chat.cut();
    }
    if (status === "closed") this.#unanswered.close();
    this.#events.emit("status", status);
  }

  #received(frame: ServerFrame["frame"]): void {
    const nowMs = this.#options.clock.monotonicMs();
    const { time, parameters } = this.#world;
    this.#pinger.poll();
    if (frame.case === "pong") {
      const { clientTimeMs, tick, tickElapsedMicros } = frame.value;
      const elapsedTicks = (tickElapsedMicros * parameters.tickRate) / 1_000_000;
      time.answered(clientTimeMs, nowMs, tick + elapsedTicks);
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
      if (kind === NoticeKind.STORAGE_STALLED) time.stand(tick, nowMs);
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

  #ticked(frame: Tick): void {
    const nowMs = this.#options.clock.monotonicMs();
    const mirror = this.#world;
    this.#pinger.poll();
    if (frame.tick > (mirror.time.standsAt ?? frame.tick)) this.#goOn(frame.tick);
    const before = mirror.selfState;
    const correction = mirror.apply(frame, nowMs);
    if (mirror.view.wrongCells.length > 0) this.#link.send(encodeResync(mirror.view.wrongCells));
    if (isOther(before, mirror.selfState)) this.#events.emit("self", mirror.selfState);
    if (correction !== undefined) {
      this.#corrections += 1;
      this.#lastCorrectionUnits = correction.units;
      this.#events.emit("correction", correction);
    }
    this.#advance(nowMs);
    this.#tellEvents(nowMs);
  }

  #tellEvents(nowMs: number): void {
    for (const event of this.#world.dueEvents(nowMs)) this.#events.emit("event", event);
  }
}

function isOther(before: BlocksSelfState, now: BlocksSelfState): boolean {
  return before.health !== now.health || before.inventory !== now.inventory;
}

function createAction(action: NonNullable<Parameters<typeof initAction>[0]>): BlocksAction {
  return initAction(action);
}

function initAction(
  action:
    | { case: "attack"; value: { entity: number } }
    | { case: "emote"; value: { emote: number } },
): BlocksAction {
  return create(BlocksActionSchema, { action });
}

function toUnits({ width, height }: SessionViewport): SessionViewport {
  return {
    width: Math.round(width * UNITS_PER_BLOCK),
    height: Math.round(height * UNITS_PER_BLOCK),
  };
}

function readTick(bytes: Uint8Array): Tick | undefined {
  if (bytes[0] !== TICK_TAG) return undefined;
  try {
    const { frame } = fromBinary(ServerFrameSchema, bytes);
    return frame.case === "tick" ? frame.value : undefined;
  } catch (cause) {
    throw new WireError("cannot read frame: it is not protobuf", { cause });
  }
}
