import { ArenaView, type ArenaViewListener } from "#shared/net/arena-view.ts";
import type { KnownEntities } from "#shared/net/known-entities.ts";
import type { TickFrame } from "#shared/net/tick-frame.ts";
import type { ArenaParameters } from "#shared/sim/index.ts";
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

/** How what is known of an entity reads; injected, as the packing is the world's. */
export type ReadEntity = (entities: KnownEntities, row: number) => Omit<Sample, "tick" | "since">;

export interface EntityStoreOptions {
  readonly motion: Motion;
  readonly read: ReadEntity;
  readonly parameters: ArenaParameters;
}

interface Entry extends Shown {
  /** Difference between what was shown and what turned out to be true, in tenths; fades. */
  errorX: number;
  errorY: number;
}

/** How long motion is drawn on when nothing comes; most of it goes on as foretold. */
const EXTRAPOLATION_SECONDS = 0.5;
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

/**
 * Everyone in the watched cells, fed by tick frames and read at some tick of the past. What goes on
 * as foretold needs no sample; each thing that did not becomes one at its frame's tick.
 */
export class EntityStore implements ArenaViewListener {
  readonly #options: EntityStoreOptions;
  readonly #view: ArenaView;
  readonly #entries = new Map<number, Entry>();
  readonly #placement: Placement = { x: 0, y: 0, sample: NOBODY };
  #firstTick = 0;
  #knownTick = 0;
  #shownTick = 0;

  constructor(options: EntityStoreOptions) {
    this.#options = options;
    this.#view = new ArenaView(options.parameters, this);
  }

  /** Proofs of being in sync, and how many of them failed and mended what was wrong. */
  get stateChecks(): number {
    return this.#view.checks;
  }

  get stateMismatches(): number {
    return this.#view.mismatches;
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

  /** Takes a frame; one from before what is known means that the shard has lost its last ticks. */
  apply(frame: TickFrame): void {
    if (frame.tick < this.#knownTick) this.#clear();
    if (this.#firstTick === 0) this.#firstTick = frame.tick;
    this.#view.apply(frame);
    this.#knownTick = frame.tick;
  }

  added(row: number): void {
    const { tick, entities } = this.#view;
    const entry = this.#entryOf(entities.id[row] ?? 0);
    const { track } = entry;
    // Who was forgotten a moment ago, in this very frame perhaps, comes back from where it was.
    const since = track.goneTick > 0 && track.goneTick < tick ? track.goneTick : this.#knownTick;
    track.goneTick = 0;
    this.#push(entry, row, since);
  }

  moved(row: number): void {
    this.#push(this.#entryOf(this.#view.entities.id[row] ?? 0), row, this.#knownTick);
  }

  recorded(row: number): void {
    this.moved(row);
  }

  forgotten(row: number): void {
    const track = this.#entries.get(this.#view.entities.id[row] ?? 0)?.track;
    if (track !== undefined) track.goneTick = this.#view.tick;
  }

  /** Whether so much is missing by that tick that everybody is shown where they were. */
  isStillAt(tick: number): boolean {
    return tick >= this.#guessedTick;
  }

  /** Last tick up to which motion is drawn on. */
  get #guessedTick(): number {
    return this.#knownTick + EXTRAPOLATION_SECONDS * this.#options.parameters.tickRate;
  }

  /** Calls `show` for each that is in sight at that tick; the object is reused. */
  each(tick: number, show: (shown: Shown) => void): void {
    const at = Math.max(this.#shownTick, Math.min(tick, this.#guessedTick));
    const fade = (FADE_PER_SECOND * (at - this.#shownTick)) / this.#options.parameters.tickRate;
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

  #clear(): void {
    this.#entries.clear();
    this.#firstTick = 0;
    this.#knownTick = 0;
    this.#shownTick = 0;
  }

  #entryOf(id: number): Entry {
    const known = this.#entries.get(id);
    if (known !== undefined) return known;
    const track = new Track(this.#options.motion);
    const entry = { id, track, x: 0, y: 0, sample: NOBODY, errorX: 0, errorY: 0 };
    this.#entries.set(id, entry);
    return entry;
  }

  #push(entry: Entry, row: number, known: number): void {
    const { tick, entities } = this.#view;
    const since = Math.min(known, tick - 1);
    entry.track.name = entities.name[row] ?? "";
    const sample: Sample = { tick, since, ...this.#options.read(entities, row) };
    if (this.#shownTick <= since) entry.track.push(sample);
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
}

function towardsZero(value: number, step: number): number {
  return value > 0 ? Math.max(0, value - step) : Math.min(0, value + step);
}
