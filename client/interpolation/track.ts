import type { EntityState } from "../sdk/session-types.ts";
import type { Motion } from "./motion.ts";

/** What a frame said of an entity. Positions are tenths of a unit. */
export interface Sample {
  /** Holds from the end of this tick. */
  readonly tick: number;
  /** The sample before this one held at least until the end of this tick. */
  readonly since: number;
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly facingRight: boolean;
  readonly state: EntityState;
  readonly health: number;
  readonly score: number;
}

/** Where a track is at some tick; reused. */
export interface Placement {
  x: number;
  y: number;
  sample: Sample;
}

/** Samples kept: more changes than this within the delay are not to be seen anyway. */
const SAMPLES_MAX = 32;

/**
 * The known past of one entity. Between two samples the first one's motion goes on exactly, as the
 * shard only tells of changes; a change that fell between two frames is drawn as a straight line
 * across the ticks in which it may have happened.
 */
export class Track {
  readonly #motion: Motion;
  #samples: Sample[] = [];
  name = "";
  /** End of the tick in which it went out of sight; 0 while it is in sight. */
  goneTick = 0;

  constructor(motion: Motion) {
    this.#motion = motion;
  }

  get latest(): Sample | undefined {
    return this.#samples.at(-1);
  }

  push(sample: Sample): void {
    const last = this.latest;
    if (last !== undefined && last.tick >= sample.tick) this.#samples.pop();
    this.#samples.push(sample);
    if (this.#samples.length > SAMPLES_MAX) this.#samples.shift();
  }

  /** Forgets what was before `tick`, but for what still holds then. */
  forgetBefore(tick: number): void {
    while (this.#samples.length > 1 && (this.#samples[1]?.tick ?? tick) < tick) {
      this.#samples.shift();
    }
  }

  /** False when the entity was not in sight yet. */
  place(tick: number, into: Placement): boolean {
    const index = this.#indexAt(tick);
    const sample = this.#samples[index];
    if (sample === undefined) return false;
    into.sample = sample;
    const next = this.#samples[index + 1];
    if (next === undefined || tick <= next.since || this.#isLeap(sample, next)) {
      this.#motion.advance(sample, tick, into);
      return true;
    }
    this.#motion.advance(sample, next.since, into);
    const part = (tick - next.since) / (next.tick - next.since);
    into.x += (next.x - into.x) * part;
    into.y += (next.y - into.y) * part;
    return true;
  }

  #indexAt(tick: number): number {
    for (let index = this.#samples.length - 1; index >= 0; index -= 1) {
      if ((this.#samples[index]?.tick ?? tick) <= tick) return index;
    }
    return -1;
  }

  /** Nobody walks that far in the time: a respawn. */
  #isLeap(sample: Sample, next: Sample): boolean {
    if (sample.state === "dead" && next.state !== "dead") return true;
    const reach = this.#motion.reach(next.since, next.tick);
    const from = { x: 0, y: 0 };
    this.#motion.advance(sample, next.since, from);
    return Math.abs(next.x - from.x) > reach || Math.abs(next.y - from.y) > reach;
  }
}
