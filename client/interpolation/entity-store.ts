import type { ArenaEntity } from "#proto/arena_pb.ts";
import type { Cell, Tick } from "#proto/frame_pb.ts";
import type { EntityState } from "../sdk/session-types.ts";
import type { Motion } from "./motion.ts";
import { type Placement, type Sample, Track } from "./track.ts";

/** An entity as it is to be shown. Positions are units. */
export interface Shown {
  readonly id: number;
  readonly track: Track;
  x: number;
  y: number;
  sample: Sample;
}

/** How a record of the wire reads; injected, as the packing is the world's. */
export type ReadEntity = (entity: ArenaEntity) => Omit<Sample, "tick" | "since">;

export interface EntityStoreOptions {
  readonly motion: Motion;
  readonly read: ReadEntity;
  readonly tickRate: number;
}

interface Entry extends Shown {
  /** Difference between what was shown and what turned out to be true, in tenths; fades. */
  errorX: number;
  errorY: number;
}

/** How long motion is drawn on when nothing comes. */
const EXTRAPOLATION_SECONDS = 0.25;
/** A wrong guess beyond this, in tenths of a unit, is put right at once. */
const ERROR_MAX = 800;
/** Tenths of a unit per second by which a wrong guess fades on each axis. */
const FADE_PER_SECOND = 800;

const NOBODY: Sample = {
  tick: 0,
  since: 0,
  x: 0,
  y: 0,
  dx: 0,
  dy: 0,
  facingRight: true,
  state: "idle" satisfies EntityState,
  health: 0,
  score: 0,
};

/** Everyone in the watched cells, fed by tick frames and read at some tick of the past. */
export class EntityStore {
  readonly #options: EntityStoreOptions;
  readonly #entries = new Map<number, Entry>();
  readonly #placement: Placement = { x: 0, y: 0, sample: NOBODY };
  #firstTick = 0;
  #knownTick = 0;
  #shownTick = 0;

  constructor(options: EntityStoreOptions) {
    this.#options = options;
  }

  /** First tick that a frame has told of. */
  get firstTick(): number {
    return this.#firstTick;
  }

  /** Last tick that a frame has told of. */
  get knownTick(): number {
    return this.#knownTick;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** What is known of an entity, in sight or just gone. */
  track(id: number): Track | undefined {
    return this.#entries.get(id)?.track;
  }

  clear(): void {
    this.#entries.clear();
    this.#firstTick = 0;
    this.#knownTick = 0;
    this.#shownTick = 0;
  }

  /** Takes a frame. Who moved to another cell is in the frame twice: first new there, then gone. */
  apply(frame: Tick): void {
    if (frame.tick < this.#knownTick) this.clear();
    if (frame.reset) for (const { track } of this.#entries.values()) track.cell = -1;
    const { tick } = frame;
    if (this.#firstTick === 0) this.#firstTick = tick;
    for (const cell of frame.cells) {
      for (const entity of cell.arenaEntities) this.#take(entity, cell.cell, tick);
    }
    for (const cell of frame.cells) this.#leave(cell, tick);
    if (frame.goneCells.length > 0 || frame.reset) this.#leaveCells(new Set(frame.goneCells), tick);
    this.#knownTick = tick;
  }

  /** Calls `show` for each that is in sight at that tick; the object is reused. */
  each(tick: number, show: (shown: Shown) => void): void {
    const ticksMax = EXTRAPOLATION_SECONDS * this.#options.tickRate;
    const at = Math.max(this.#shownTick, Math.min(tick, this.#knownTick + ticksMax));
    const fade = (FADE_PER_SECOND * (at - this.#shownTick)) / this.#options.tickRate;
    this.#shownTick = at;
    for (const [id, entry] of this.#entries) {
      if (entry.track.goneTick > 0 && at >= entry.track.goneTick) {
        this.#entries.delete(id);
        continue;
      }
      entry.errorX = towardsZero(entry.errorX, fade);
      entry.errorY = towardsZero(entry.errorY, fade);
      entry.track.forgetBefore(at);
      if (!entry.track.place(at, this.#placement)) continue;
      entry.x = (this.#placement.x + entry.errorX) / 10;
      entry.y = (this.#placement.y + entry.errorY) / 10;
      entry.sample = this.#placement.sample;
      show(entry);
    }
  }

  #take(entity: ArenaEntity, cell: number, tick: number): void {
    let entry = this.#entries.get(entity.id);
    if (entry === undefined) {
      const track = new Track(this.#options.motion);
      entry = { id: entity.id, track, x: 0, y: 0, sample: NOBODY, errorX: 0, errorY: 0 };
      this.#entries.set(entity.id, entry);
    }
    const { track } = entry;
    const since = track.goneTick > 0 ? track.goneTick : Math.min(this.#knownTick, tick - 1);
    track.cell = cell;
    track.seenTick = tick;
    track.goneTick = 0;
    if (entity.name !== "") track.name = entity.name;
    const sample: Sample = { tick, since, ...this.#options.read(entity) };
    if (this.#shownTick <= since) track.push(sample);
    else this.#pushLate(entry, sample);
  }

  /** The past that was guessed and shown turns out differently. */
  #pushLate(entry: Entry, sample: Sample): void {
    const before = { ...this.#placement };
    const wasShown = entry.track.place(this.#shownTick, before);
    entry.track.push(sample);
    if (!wasShown || !entry.track.place(this.#shownTick, this.#placement)) return;
    entry.errorX += before.x - this.#placement.x;
    entry.errorY += before.y - this.#placement.y;
    const leapt = Math.abs(entry.errorX) > ERROR_MAX || Math.abs(entry.errorY) > ERROR_MAX;
    if (leapt || (before.sample.state === "dead" && sample.state !== "dead")) {
      entry.errorX = 0;
      entry.errorY = 0;
    }
  }

  #leave(cell: Cell, tick: number): void {
    for (const id of cell.gone) {
      const track = this.#entries.get(id)?.track;
      if (track?.cell === cell.cell && track.goneTick === 0) track.goneTick = tick;
    }
    if (!cell.keyframe) return;
    for (const { track } of this.#entries.values()) {
      if (track.cell === cell.cell && track.seenTick < tick) leaveSight(track, tick);
    }
  }

  /** -1 is the cell of whoever a reset has not named. */
  #leaveCells(cells: Set<number>, tick: number): void {
    for (const { track } of this.#entries.values()) {
      if (track.cell === -1 || cells.has(track.cell)) leaveSight(track, tick);
    }
  }
}

function leaveSight(track: Track, tick: number): void {
  if (track.goneTick === 0) track.goneTick = tick;
}

function towardsZero(value: number, step: number): number {
  return value > 0 ? Math.max(0, value - step) : Math.min(0, value + step);
}
