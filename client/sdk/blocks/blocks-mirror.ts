import type { BlocksEvent } from "#proto/blocks_pb.ts";
import type { Tick } from "#proto/frame_pb.ts";
import { BlocksView, type KnownBlocksEntity } from "#shared/net/blocks-view.ts";
import { type BlocksParameters, type BlocksSelf, SLOTS } from "#shared/sim/index.ts";
import { BlocksPrediction } from "../../prediction/blocks-prediction.ts";
import { Predictor, type Reconciled } from "../../prediction/predictor.ts";
import type { GameTime } from "../game-time.ts";
import type { SessionCorrection } from "../session-types.ts";
import type { BlocksCommand } from "./blocks-encoder.ts";
import type {
  BlocksChunkEvent,
  BlocksSelfState,
  BlocksSessionEvent,
  BlocksSlot,
} from "./blocks-session-types.ts";
import { BlocksTrack } from "./blocks-track.ts";
import { Land } from "./land.ts";

/** Corrections up to this, in hundredths of a block, are smoothed away. */
const SMOOTHED_MAX = 300;
/** After this long a third of a correction is left to see; after three times, nothing. */
const SMOOTHING_MS = 50;
/** A prediction farther beyond its time is left from before the shard's clock was set back. */
const BEYOND_SECONDS_MAX = 0.2;
/** Events that wait for the moment in which they are shown. */
const EVENTS_MAX = 512;

const EMPTY: BlocksSlot = { item: 0, count: 0 };

export interface BlocksMirrorOptions {
  readonly parameters: BlocksParameters;
  readonly entityId: number;
  readonly time: GameTime;
  readonly chunk: (event: BlocksChunkEvent) => void;
}

/** The world as this client knows it: the own player ahead of the shard, everyone else behind. */
export class BlocksMirror {
  readonly parameters: BlocksParameters;
  readonly entityId: number;
  readonly time: GameTime;
  readonly land: Land;
  readonly view: BlocksView;
  /** Everyone in sight, and who was a moment ago. */
  readonly tracks = new Map<number, BlocksTrack>();
  selfState: BlocksSelfState = { health: 0, attackReadyTick: 0, inventory: [] };
  #predictor: Predictor<BlocksSelf, BlocksCommand> | undefined;
  #resuming = false;
  #waiting: { tick: number; event: BlocksSessionEvent }[] = [];
  #errorX = 0;
  #errorY = 0;
  #fadedMs = 0;

  constructor(options: BlocksMirrorOptions) {
    const { parameters, entityId, time } = options;
    this.parameters = parameters;
    this.entityId = entityId;
    this.time = time;
    this.land = new Land(parameters, options.chunk);
    this.view = new BlocksView(parameters, {
      told: (entity) => this.#told(entity),
      forgotten: ({ id }) => this.#forgotten(id),
      loaded: (cell, chunk) => this.land.load(cell, chunk),
      changed: (cell, index) => this.land.change(cell, index),
      unloaded: (cell) => this.land.unload(cell),
    });
  }

  /** Undefined before the first acknowledgement. */
  get predictor(): Predictor<BlocksSelf, BlocksCommand> | undefined {
    return this.#predictor;
  }

  /** The connection was replaced: the next frame tells everything anew. */
  resume(): void {
    this.#resuming = true;
  }

  /** Predicts up to now; returns the tick that a command given now belongs to. */
  advance(nowMs: number): number | undefined {
    if (this.#resuming) return undefined;
    this.#predictor?.advance(Math.floor(this.time.predictedTick(nowMs)));
    return this.#predictor === undefined ? undefined : this.#predictor.tick + 1;
  }

  /** Takes a frame; returns the correction that it made necessary. */
  apply(frame: Tick, nowMs: number): SessionCorrection | undefined {
    this.time.frameArrived(frame.tick, nowMs);
    if (this.#resuming) frame.reset = true;
    this.view.apply(frame);
    this.land.told(frame.tick);
    for (const message of this.view.events) {
      const event = readEvent(message);
      if (event !== undefined) this.#waiting.push({ tick: frame.tick, event });
    }
    if (this.#waiting.length > EVENTS_MAX) this.#waiting.splice(0, EVENTS_MAX / 2);
    return frame.ack?.self.case === "blocks"
      ? this.#acknowledge(frame, frame.ack.self.value, nowMs)
      : undefined;
  }

  /** Events whose moment has come; what concerns the own player is told at once. */
  dueEvents(nowMs: number): BlocksSessionEvent[] {
    if (this.#waiting.length === 0) return [];
    const shownTick = this.time.renderTick(nowMs);
    const isDue = ({ tick, event }: { tick: number; event: BlocksSessionEvent }) =>
      tick <= shownTick || concerns(event, this.entityId);
    const due = this.#waiting.filter(isDue);
    if (due.length > 0) this.#waiting = this.#waiting.filter((waiting) => !isDue(waiting));
    return due.map(({ event }) => event);
  }

  /** What is left to see of past corrections, in hundredths of a block. */
  fadeError(nowMs: number): { x: number; y: number } {
    const left = Math.exp(-Math.max(0, nowMs - this.#fadedMs) / SMOOTHING_MS);
    this.#fadedMs = nowMs;
    this.#errorX *= left;
    this.#errorY *= left;
    return { x: this.#errorX, y: this.#errorY };
  }

  #told(entity: KnownBlocksEntity): void {
    if (entity.id === this.entityId) return;
    const known = this.tracks.get(entity.id);
    const track = known ?? new BlocksTrack();
    track.goneTick = 0;
    track.push(entity);
    if (known === undefined) this.tracks.set(entity.id, track);
  }

  #forgotten(id: number): void {
    const track = this.tracks.get(id);
    if (track !== undefined) track.goneTick = this.view.tick;
  }

  #acknowledge(frame: Tick, self: BlocksSelf, nowMs: number): SessionCorrection | undefined {
    const { tick } = frame;
    const sequence = frame.ack?.sequence ?? 0;
    this.#learn(self);
    if (this.#predictor === undefined) {
      const world = new BlocksPrediction({ world: this.land.world, entity: this.entityId });
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

  #learn({ health, attackReadyTick, inventory }: BlocksSelf): void {
    const slots = inventory === undefined ? this.selfState.inventory : slotsOf(inventory.slots);
    this.selfState = { health, attackReadyTick, inventory: slots };
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
    return { tick, units: distance / 100 };
  }
}

function slotsOf(values: readonly number[]): BlocksSlot[] {
  return Array.from({ length: SLOTS }, (_, slot) => {
    const [item = 0, count = 0] = values.slice(slot * 2, slot * 2 + 2);
    return count === 0 ? EMPTY : { item, count };
  });
}

function readEvent({ event }: BlocksEvent): BlocksSessionEvent | undefined {
  switch (event.case) {
    case "hit": {
      const { attacker, target, damage } = event.value;
      return { type: "hit", attacker, target, damage };
    }
    case "death":
      return { type: "death", entity: event.value.entity, killer: event.value.killer };
    case "emoted":
      return { type: "emote", entity: event.value.entity, emote: event.value.emote };
    case "said":
      return { type: "said", entity: event.value.entity, line: event.value.line };
    default:
      return undefined;
  }
}

function concerns(event: BlocksSessionEvent, entityId: number): boolean {
  if (event.type === "hit") return event.attacker === entityId || event.target === entityId;
  if (event.type === "death") return event.entity === entityId || event.killer === entityId;
  return event.entity === entityId;
}
