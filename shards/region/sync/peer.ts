import type { RegionHello } from "#proto/region_pb.ts";
import { STAMP_ZERO, type Stamp } from "#shared/time/hybrid-clock.ts";
import { ReceivedBatches } from "./received-batches.ts";

/** A region that was not heard for so long is away. */
export const AWAY_MS = 5_000;

/** Another region, as far as it is known here. */
export class Peer {
  readonly region: string;
  readonly received = new ReceivedBatches();
  /** Of the life that was last heard of; 0 before. */
  incarnation = 0;
  /** What it last said of itself. */
  hello: RegionHello | undefined;
  heardMs = Number.NEGATIVE_INFINITY;
  /** Its wall clock less ours. */
  clockMs = 0;
  /** Since when the hashes are different; undefined while they are the same. */
  differsMs: number | undefined;
  /** Since when a batch that it made is missing here. */
  missesMs: number | undefined;
  comparedMs = Number.NEGATIVE_INFINITY;
  /** All that was here at this stamp was there too. */
  equalAt: Stamp = STAMP_ZERO;
  /** From a batch being made to its being in the database here. */
  lagMs = 0;
  #saidMs = Number.NEGATIVE_INFINITY;

  constructor(region: string) {
    this.region = region;
  }

  isHere(nowMs: number): boolean {
    return nowMs - this.heardMs <= AWAY_MS;
  }

  /**
   * Takes what it says of itself, unless that is from an earlier life or was heard before.
   * `times` are in milliseconds: now, and the wall clocks there and here.
   */
  hear(
    hello: RegionHello,
    incarnation: number,
    times: { nowMs: number; thereMs: number; hereMs: number },
  ): boolean {
    const { nowMs, thereMs, hereMs } = times;
    if (incarnation < this.incarnation) return false;
    if (incarnation > this.incarnation) this.#saidMs = Number.NEGATIVE_INFINITY;
    // Its clock may be set back, so what counts is that it does not say the same twice.
    else if (thereMs === this.#saidMs) return false;
    this.incarnation = incarnation;
    this.hello = hello;
    this.#saidMs = thereMs;
    this.heardMs = nowMs;
    this.clockMs = thereMs - hereMs;
    return true;
  }

  /** Last batch of its life that is here, with all before it. */
  get sequence(): number {
    const { latest } = this.received;
    return latest?.incarnation === this.incarnation ? latest.sequence : 0;
  }
}
