/** Further behind than this it gives up what was due, instead of sending it all at once. */
const BEHIND_MS_MAX = 10_000;

export interface PhaseWheelOptions {
  /** Each member's turn comes once in so long. */
  readonly periodMs: number;
  readonly startMs: number;
  /** Turns are due at whole multiples of about this. */
  readonly slotMs?: number;
}

/**
 * Thousands of members that each do something once per period, each at a phase of its own, for the
 * price of one timer. Turns are counted from the start: a late one does not delay the next ones,
 * and the time at which it was meant to be is known (an open loop, free of coordinated omission).
 */
export class PhaseWheel<Member> {
  readonly #slots: Set<Member>[];
  readonly #slotMs: number;
  readonly #startMs: number;
  /** Slots that have been served since the start. */
  #served = 0;
  /** Slots given up because the process did not get to run. */
  forgotten = 0;

  constructor({ periodMs, startMs, slotMs = 1 }: PhaseWheelOptions) {
    const count = Math.max(1, Math.round(periodMs / slotMs));
    this.#slots = Array.from({ length: count }, () => new Set());
    this.#slotMs = periodMs / count;
    this.#startMs = startMs;
  }

  /** Its turns come at this phase, 0 to 1, of each period. */
  add(member: Member, phase: number): void {
    this.#slot(phase)?.add(member);
  }

  remove(member: Member, phase: number): void {
    this.#slot(phase)?.delete(member);
  }

  /** Gives everyone whose turn has come, with the time at which it was meant to be. */
  run(nowMs: number, turn: (member: Member, intendedMs: number) => void): void {
    const due = Math.floor((nowMs - this.#startMs) / this.#slotMs) + 1;
    const least = due - Math.ceil(BEHIND_MS_MAX / this.#slotMs);
    if (this.#served < least) {
      this.forgotten += least - this.#served;
      this.#served = least;
    }
    for (; this.#served < due; this.#served++) {
      const intendedMs = this.#startMs + this.#served * this.#slotMs;
      const slot = this.#slots[this.#served % this.#slots.length];
      if (slot !== undefined) for (const member of slot) turn(member, intendedMs);
    }
  }

  #slot(phase: number): Set<Member> | undefined {
    return this.#slots[Math.floor(phase * this.#slots.length) % this.#slots.length];
  }
}
