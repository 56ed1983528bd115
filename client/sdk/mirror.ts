import { Predictor, type Reconciled } from "../prediction/predictor.ts";
import type { ClientWorld, CommandOf, SurroundingsOf, WorldTypes } from "./client-world.ts";
import { CorrectionFade } from "./correction-fade.ts";
import { DueEvents } from "./due-events.ts";
import type { GameTime } from "./game-time.ts";
import type { SessionCorrection } from "./session-types.ts";

/** A prediction farther beyond its time is left from before the shard's clock was set back. */
const BEYOND_SECONDS_MAX = 0.2;

const NONE: readonly never[] = [];

export interface MirrorOptions<Types extends WorldTypes> {
  readonly world: ClientWorld<Types>;
  readonly parameters: Types["parameters"];
  readonly entityId: number;
  readonly time: GameTime;
  readonly send: (frame: Uint8Array) => void;
}

/** A world as this client knows it: the own player ahead of the shard, all else behind. */
export class Mirror<Types extends WorldTypes> {
  readonly parameters: Types["parameters"];
  readonly entityId: number;
  readonly time: GameTime;
  readonly surroundings: SurroundingsOf<Types>;
  readonly #world: ClientWorld<Types>;
  readonly #fade: CorrectionFade;
  readonly #events: DueEvents<Types["event"]>;
  /** Reused. */
  readonly #place = { x: 0, y: 0, stepX: 0, stepY: 0 };
  #predictor: Predictor<Types["self"], CommandOf<Types>> | undefined;
  #acked: Types["self"] | undefined;
  #resuming = false;

  constructor(options: MirrorOptions<Types>) {
    const { world, parameters, entityId, time } = options;
    this.parameters = parameters;
    this.entityId = entityId;
    this.time = time;
    this.surroundings = world.open(options);
    this.#world = world;
    this.#fade = new CorrectionFade(world.scale);
    this.#events = new DueEvents((event) => world.concerns(event, entityId));
  }

  /** Undefined before the first acknowledgement. */
  get predictor(): Predictor<Types["self"], CommandOf<Types>> | undefined {
    return this.#predictor;
  }

  /** The own player as the shard last told of it; undefined before it did. */
  get acked(): Types["self"] | undefined {
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
  apply(frame: Types["frame"], nowMs: number): SessionCorrection | undefined {
    this.time.frameArrived(frame.tick, nowMs);
    if (this.#resuming) frame.reset = true;
    this.surroundings.apply(frame);
    for (const event of this.surroundings.events(frame)) this.#events.add(frame.tick, event);
    const ack = this.surroundings.acknowledged(frame);
    if (ack === undefined) return undefined;
    this.#acked = ack.self;
    const reconciled = this.#acknowledge({ tick: frame.tick, ...ack }, nowMs);
    const moved = reconciled && this.#fade.moved(reconciled, nowMs);
    return moved === undefined ? undefined : { tick: frame.tick, units: moved / this.#scale.unit };
  }

  /** Events whose moment has come; what concerns the own player is told at once. */
  dueEvents(nowMs: number): readonly Types["event"][] {
    return this.#events.isEmpty ? NONE : this.#events.take(this.time.renderTick(nowMs));
  }

  /**
   * Where the own player is to be shown now, in units, and its way in the last tick, which is no
   * way at all after a leap. Undefined before the first acknowledgement; the object is reused.
   */
  ownPlace(nowMs: number): Readonly<Record<"x" | "y" | "stepX" | "stepY", number>> | undefined {
    if (this.#predictor === undefined) return undefined;
    const { current, previous, tick } = this.#predictor;
    const { unit, leap } = this.#scale;
    const stepX = current.x - previous.x;
    const stepY = current.y - previous.y;
    const way = Math.abs(stepX) > leap || Math.abs(stepY) > leap ? 0 : 1;
    const fraction = Math.min(1, Math.max(0, this.time.predictedTick(nowMs) - tick));
    const back = way * (1 - fraction);
    const left = this.#fade.leftAt(nowMs);
    this.#place.x = (current.x - stepX * back + left.x) / unit;
    this.#place.y = (current.y - stepY * back + left.y) / unit;
    this.#place.stepX = (way * stepX) / unit;
    this.#place.stepY = (way * stepY) / unit;
    return this.#place;
  }

  get #scale() {
    return this.#world.scale;
  }

  #acknowledge(
    ack: { readonly tick: number; readonly sequence: number; readonly self: Types["self"] },
    nowMs: number,
  ): Reconciled | undefined {
    if (this.#predictor === undefined) {
      this.#predictor = new Predictor({ world: this.surroundings.predict(), ...ack });
      this.#resuming = false;
      return undefined;
    }
    this.advance(nowMs);
    const aheadTick = Math.floor(this.time.predictedTick(nowMs));
    const beyondTicks = this.#predictor.tick - aheadTick;
    if (this.#resuming || beyondTicks > this.parameters.tickRate * BEYOND_SECONDS_MAX) {
      this.#resuming = false;
      return this.#predictor.restart(ack, aheadTick);
    }
    const reconciled = this.#predictor.reconcile(ack.tick, ack.sequence, ack.self);
    if (reconciled.lateTicks > 0) this.time.inputWasLate(reconciled.lateTicks, nowMs);
    return reconciled;
  }
}
