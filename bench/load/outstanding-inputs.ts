import type { LatencyTrack } from "./recorder.ts";

/**
 * The inputs of one client that are not acknowledged yet, by their sequence. At its bound the
 * oldest counts as lost, with its age as its latency.
 */
export class OutstandingInputs {
  readonly #track: LatencyTrack;
  /** By sequence, modulo the length, which is a power of two. */
  readonly #intendedMs: Float64Array;
  #sequence = 0;
  #acked = 0;

  constructor(lengthMax: number, track: LatencyTrack) {
    this.#intendedMs = new Float64Array(2 ** Math.ceil(Math.log2(lengthMax)));
    this.#track = track;
  }

  get count(): number {
    return this.#sequence - this.#acked;
  }

  /** Intended time of the oldest; Infinity when there is none. */
  get oldestMs(): number {
    return this.count === 0 ? Number.POSITIVE_INFINITY : this.#at(this.#acked + 1);
  }

  /** The sequence of a new input, which was meant for `intendedMs`. */
  next(intendedMs: number, nowMs: number): number {
    if (this.count === this.#intendedMs.length) {
      this.#acked += 1;
      this.#track.lose(this.#at(this.#acked), nowMs);
    }
    this.#sequence += 1;
    this.#intendedMs[this.#slot(this.#sequence)] = intendedMs;
    return this.#sequence;
  }

  /** The shard has dealt with everything up to this sequence. */
  acknowledge(sequence: number, nowMs: number): void {
    const upTo = Math.min(sequence, this.#sequence);
    while (this.#acked < upTo) {
      this.#acked += 1;
      this.#track.record(this.#at(this.#acked), nowMs);
    }
  }

  /** After a new connection: what the shard does not know of will never be acknowledged. */
  restart(sequence: number, nowMs: number): void {
    this.acknowledge(sequence, nowMs);
    this.loseAll(nowMs);
    this.#sequence = sequence;
    this.#acked = sequence;
  }

  /** Counts all as lost, at their age. */
  loseAll(nowMs: number): void {
    while (this.#acked < this.#sequence) {
      this.#acked += 1;
      this.#track.lose(this.#at(this.#acked), nowMs);
    }
  }

  #at(sequence: number): number {
    return this.#intendedMs[this.#slot(sequence)] ?? 0;
  }

  #slot(sequence: number): number {
    return sequence & (this.#intendedMs.length - 1);
  }
}
