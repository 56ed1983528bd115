import type { TickFrame } from "#shared/net/tick-frame.ts";
import type { ArenaParameters, ArenaSelf } from "#shared/sim/index.ts";
import { EntityStore } from "../interpolation/entity-store.ts";
import { createArenaMotion } from "../interpolation/motion.ts";
import { ArenaPrediction } from "../prediction/arena-prediction.ts";
import { Predictor, type Reconciled } from "../prediction/predictor.ts";
import { readArenaEvent, readKnownEntity } from "./arena-read.ts";
import type { PlayerCommand } from "./encoder.ts";
import type { GameTime } from "./game-time.ts";
import type { ArenaSessionEvent, SessionCorrection } from "./session-types.ts";

/** Corrections up to this, in tenths of a unit, are smoothed away; beyond it they show at once. */
const SMOOTHED_MAX = 640;
/** After this long a third of a correction is left to see; after three times, nothing. */
const SMOOTHING_MS = 35;
/** A prediction farther beyond its time is left from before the shard's clock was set back. */
const BEYOND_SECONDS_MAX = 0.2;
/** Events that wait for the moment in which they are shown. */
const EVENTS_MAX = 512;

export interface ArenaMirrorOptions {
  readonly parameters: ArenaParameters;
  readonly entityId: number;
  readonly time: GameTime;
}

/** The arena as this client knows it: the own player ahead of the shard, everyone else behind. */
export class ArenaMirror {
  readonly parameters: ArenaParameters;
  readonly entityId: number;
  readonly time: GameTime;
  readonly others: EntityStore;
  #predictor: Predictor<ArenaSelf, PlayerCommand> | undefined;
  #resuming = false;
  #waiting: { tick: number; event: ArenaSessionEvent }[] = [];
  #errorX = 0;
  #errorY = 0;
  #fadedMs = 0;
  #acked = { x: 0, y: 0 };

  constructor(options: ArenaMirrorOptions) {
    const { parameters, entityId, time } = options;
    const motion = createArenaMotion(parameters);
    this.parameters = parameters;
    this.entityId = entityId;
    this.time = time;
    this.others = new EntityStore({
      motion,
      read: readKnownEntity,
      parameters,
    });
  }

  /** Undefined before the first acknowledgement. */
  get predictor(): Predictor<ArenaSelf, PlayerCommand> | undefined {
    return this.#predictor;
  }

  /** Where the shard last said that the own player was, in tenths of a unit. */
  get acked(): { readonly x: number; readonly y: number } {
    return this.#acked;
  }

  /** The connection was replaced: the next frame tells everything anew. */
  resume(): void {
    this.#resuming = true;
  }

  /**
   * Predicts up to now; returns the tick that a command given now belongs to. After a resume that
   * is not known before the first frame: the shard has let everybody stand.
   */
  advance(nowMs: number): number | undefined {
    if (this.#resuming) return undefined;
    const tick = Math.floor(this.time.predictedTick(nowMs));
    this.#predictor?.advance(tick);
    return this.#predictor === undefined ? undefined : this.#predictor.tick + 1;
  }

  /** Takes a frame; returns the correction that it made necessary. */
  apply(frame: TickFrame, nowMs: number): SessionCorrection | undefined {
    this.time.frameArrived(frame.tick, nowMs);
    if (this.#resuming) frame.reset = true;
    this.others.apply(frame);
    for (let row = 0; row < frame.events.count; row += 1) {
      this.#waiting.push({ tick: frame.tick, event: readArenaEvent(frame, row) });
    }
    if (this.#waiting.length > EVENTS_MAX) this.#waiting.splice(0, EVENTS_MAX / 2);
    return frame.hasSelf ? this.#acknowledge(frame, nowMs) : undefined;
  }

  /** Events whose moment has come; what concerns the own player is told at once. */
  dueEvents(nowMs: number): ArenaSessionEvent[] {
    if (this.#waiting.length === 0) return [];
    const shownTick = this.time.renderTick(nowMs);
    const isDue = ({ tick, event }: { tick: number; event: ArenaSessionEvent }) =>
      tick <= shownTick || concerns(event, this.entityId);
    const due = this.#waiting.filter(isDue);
    if (due.length > 0) this.#waiting = this.#waiting.filter((waiting) => !isDue(waiting));
    return due.map(({ event }) => event);
  }

  /** What is left to see of past corrections, in tenths of a unit. */
  fadeError(nowMs: number): { x: number; y: number } {
    const left = Math.exp(-Math.max(0, nowMs - this.#fadedMs) / SMOOTHING_MS);
    this.#fadedMs = nowMs;
    this.#errorX *= left;
    this.#errorY *= left;
    return { x: this.#errorX, y: this.#errorY };
  }

  #acknowledge(frame: TickFrame, nowMs: number): SessionCorrection | undefined {
    const { tick, sequence } = frame;
    // The prediction keeps it, the frame is filled again.
    const self: ArenaSelf = { ...frame.self, controls: { ...frame.self.controls } };
    this.#acked = { x: self.x, y: self.y };
    if (this.#predictor === undefined) {
      const { parameters, entityId } = this;
      const world = new ArenaPrediction({ parameters, entity: entityId });
      this.#predictor = new Predictor({ world, tick, self });
      this.#resuming = false;
      return undefined;
    }
    this.advance(nowMs);
    const aheadTick = Math.floor(this.time.predictedTick(nowMs));
    const beyondTicks = this.#predictor.tick - aheadTick;
    if (this.#resuming || beyondTicks > this.parameters.tickRate * BEYOND_SECONDS_MAX) {
      this.#resuming = false;
      const ack = { tick, sequence, self };
      return this.#moved(tick, this.#predictor.restart(ack, aheadTick), nowMs);
    }
    const reconciled = this.#predictor.reconcile(tick, sequence, self);
    if (reconciled.lateTicks > 0) this.time.inputWasLate(reconciled.lateTicks, nowMs);
    return this.#moved(tick, reconciled, nowMs);
  }

  #moved(
    tick: number,
    { movedX, movedY, surprising }: Reconciled,
    nowMs: number,
  ): SessionCorrection | undefined {
    if (movedX === 0 && movedY === 0) return undefined;
    if (surprising) {
      // A return elsewhere, or whatever else it was, shows at once; nothing was foretold wrongly.
      this.#errorX = 0;
      this.#errorY = 0;
      return undefined;
    }
    const left = this.fadeError(nowMs);
    const distance = Math.hypot(movedX, movedY);
    this.#errorX = distance > SMOOTHED_MAX ? 0 : left.x - movedX;
    this.#errorY = distance > SMOOTHED_MAX ? 0 : left.y - movedY;
    return { tick, units: distance / 10 };
  }
}

function concerns(event: ArenaSessionEvent, entityId: number): boolean {
  return event.type === "hit"
    ? event.attacker === entityId || event.target === entityId
    : event.entity === entityId || event.killer === entityId;
}
