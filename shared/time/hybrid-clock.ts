// Hybrid logical clock (Kulkarni, Demirbas, Madappa, Avva, Leone: "Logical Physical Clocks", 2014).
//
// A stamp is 64 bits: 48 of milliseconds since 1970, then 16 of a counter. Stamps are compared as
// whole numbers, and whoever has seen a stamp gives only greater ones. Here they are two numbers of
// 32 bits, because a JavaScript number has 53.
//
//   hi  milliseconds, upper 32 of 48 bits
//   lo  milliseconds, lower 16 bits · counter, 16 bits
//
// The paper's clock trusts the machine's. Machines' clocks jump, so time here is the monotonic
// clock plus the greatest offset at which the wall clock was seen: a jump back is not followed. A
// jump ahead is, since after a standstill it is right; one that was wrong is undone by `settle`,
// which is for whoever has asked other clocks.
import type { Clock } from "./clock.ts";

/** A stamp further ahead of the own time than this is refused. */
export const STAMP_AHEAD_MS_MAX = 60_000;

const COUNTER_MAX = 0xffff;
const LOW_MS = 0x1_0000;

/** 64 bits of time and order as two numbers of 32 bits without sign. */
export interface Stamp {
  readonly hi: number;
  readonly lo: number;
}

/** Before all others. */
export const STAMP_ZERO: Stamp = Object.freeze({ hi: 0, lo: 0 });

/** Gives stamps in order, each greater than all that it gave or received. */
export class HybridClock {
  readonly #clock: Clock;
  #offsetMs = Number.NEGATIVE_INFINITY;
  #ms = 0;
  #counter = 0;

  /** `from` is the greatest stamp that was ever given or seen, such as after a restart. */
  constructor(clock: Clock, from: Stamp = STAMP_ZERO) {
    this.#clock = clock;
    this.#ms = stampMs(from);
    this.#counter = from.lo & COUNTER_MAX;
  }

  /** The last stamp that was given or received. */
  get last(): Stamp {
    return makeStamp(this.#ms, this.#counter);
  }

  /** Milliseconds since 1970 that never go back by themselves. */
  get timeMs(): number {
    const monotonicMs = this.#clock.monotonicMs();
    this.#offsetMs = Math.max(this.#offsetMs, this.#clock.wallMs() - monotonicMs);
    return Math.floor(monotonicMs + this.#offsetMs);
  }

  /** How far the wall clock is behind the time that is gone by: it was set back. */
  get behindMs(): number {
    return Math.max(0, this.timeMs - this.#clock.wallMs());
  }

  /** How far stamps are ahead of the wall clock, which may be because others' were. */
  get leadMs(): number {
    return Math.max(this.timeMs, this.#ms) - this.#clock.wallMs();
  }

  /** A stamp for something that happens now. */
  next(): Stamp {
    this.#advanceTo(this.timeMs);
    return this.last;
  }

  /** How far ahead of the own time a stamp is; refused beyond STAMP_AHEAD_MS_MAX. */
  aheadMs(stamp: Stamp): number {
    return stampMs(stamp) - this.timeMs;
  }

  /** Takes note of another's stamp; false, and nothing is done, when it is too far ahead. */
  receive(stamp: Stamp): boolean {
    if (this.aheadMs(stamp) > STAMP_AHEAD_MS_MAX) return false;
    const ms = stampMs(stamp);
    const counter = stamp.lo & COUNTER_MAX;
    if (ms < this.#ms || (ms === this.#ms && counter <= this.#counter)) return true;
    this.#ms = ms;
    this.#counter = counter;
    return true;
  }

  /**
   * The wall clock is right and the time gone by was wrong. From here on stamps follow the wall
   * clock, above `seen`; who calls it gives new stamps to all that has one from the wrong time.
   */
  settle(seen: Stamp): void {
    this.#offsetMs = this.#clock.wallMs() - this.#clock.monotonicMs();
    this.#ms = stampMs(seen);
    this.#counter = seen.lo & COUNTER_MAX;
  }

  #advanceTo(timeMs: number): void {
    if (timeMs > this.#ms) {
      this.#ms = timeMs;
      this.#counter = 0;
    } else if (this.#counter < COUNTER_MAX) {
      this.#counter += 1;
    } else {
      // 65,536 stamps within a millisecond: the next one is borrowed.
      this.#ms += 1;
      this.#counter = 0;
    }
  }
}

/** The stamp of a counter within a millisecond. */
export function makeStamp(ms: number, counter = 0): Stamp {
  return { hi: Math.floor(ms / LOW_MS) >>> 0, lo: (((ms % LOW_MS) << 16) | counter) >>> 0 };
}

/** Milliseconds since 1970 of a stamp. */
export function stampMs({ hi, lo }: Stamp): number {
  return hi * LOW_MS + (lo >>> 16);
}

/** Negative when `one` is before `other`. */
export function compareStamps(one: Stamp, other: Stamp): number {
  return one.hi - other.hi || one.lo - other.lo;
}

/** The later of two. */
export function laterStamp(one: Stamp, other: Stamp): Stamp {
  return compareStamps(one, other) < 0 ? other : one;
}
