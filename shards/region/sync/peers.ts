import {
  compareStamps,
  type HybridClock,
  makeStamp,
  STAMP_ZERO,
  type Stamp,
} from "#shared/time/hybrid-clock.ts";
import type { Mirror } from "./mirror.ts";
import { AWAY_MS, Peer } from "./peer.ts";
import type { RegionKeys } from "./region-keys.ts";

/** Regions that are quiet and different for so long compare. */
const DIFFERS_MS_MAX = 1_500;
/** A batch that does not come within this time will not. */
const MISSES_MS_MAX = 3_000;
/** Regions that are never quiet compare all the same, as seldom as this. */
const COMPARE_ANYWAY_MS = 60_000;
/** Between two comparisons with one region. */
const COMPARE_MS_MIN = 2_000;
const FORGET_EVERY_MS = 60_000;

/** The other regions of a world. */
export class Peers {
  readonly #peers = new Map<string, Peer>();
  readonly #keys: RegionKeys;
  /** The others that had a key when that was last looked at. */
  #followed: ReadonlySet<string> = new Set();
  /** This region's own earlier lives, of which batches may come too. */
  readonly #self: Peer;
  /** When somebody else last spoke as this region. */
  twiceMs = Number.NEGATIVE_INFINITY;
  #forgottenMs = Number.NEGATIVE_INFINITY;

  /** Those of `keys`, of which some may come and go. */
  constructor(own: string, keys: RegionKeys) {
    this.#keys = keys;
    this.#self = new Peer(own);
    this.follow();
  }

  /** Whether somebody else speaks as this region. */
  isTwice(nowMs: number): boolean {
    return nowMs - this.twiceMs <= AWAY_MS;
  }

  /** Takes in the regions that have a key now, and forgets those that have none any more. */
  follow(): { come: readonly string[]; gone: readonly string[] } {
    const followed = this.#followed;
    const others = [...this.#keys.keys()].filter((region) => region !== this.#self.region);
    this.#followed = new Set(others);
    for (const region of others) this.of(region);
    const gone = [...this.#peers.keys()].filter((region) => !this.#keys.has(region));
    for (const region of gone) this.#peers.delete(region);
    return { come: others.filter((region) => !followed.has(region)), gone };
  }

  get all(): readonly Peer[] {
    return [...this.#peers.values()];
  }

  /** A region by name, this one included; only regions that have a key are asked for. */
  of(region: string): Peer {
    const known = this.#peers.get(region);
    if (known !== undefined) return known;
    if (region === this.#self.region) return this.#self;
    if (!this.#keys.has(region)) throw new Error(`cannot find region ${region}: it has no key`);
    // Its key came a moment ago.
    const peer = new Peer(region);
    this.#peers.set(region, peer);
    return peer;
  }

  /** Notes how a region that just said how it is differs from this one. */
  judge(peer: Peer, here: { hash: string; stamp: Stamp; nowMs: number }): void {
    const { hello } = peer;
    if (hello === undefined) return;
    if (hello.hash === here.hash) {
      peer.differsMs = undefined;
      peer.missesMs = undefined;
      peer.equalAt = here.stamp;
      // Whatever it said so far made no difference that is not here.
      peer.received.excuse(peer.incarnation, hello.sequence);
      return;
    }
    peer.differsMs ??= here.nowMs;
    if (hello.sequence > peer.sequence) peer.missesMs ??= here.nowMs;
    else peer.missesMs = undefined;
  }

  /** Whether it is time to compare hashes with a region, which no batch seems to make equal. */
  isToCompare(peer: Peer, nowMs: number, isQuiet: boolean): boolean {
    if (peer.differsMs === undefined || nowMs - peer.comparedMs < COMPARE_MS_MIN) return false;
    const differsMs = nowMs - Math.max(peer.differsMs, peer.comparedMs);
    if (peer.missesMs !== undefined) return nowMs - peer.missesMs >= MISSES_MS_MAX;
    return differsMs >= (isQuiet ? DIFFERS_MS_MAX : COMPARE_ANYWAY_MS);
  }

  /** All that a region had is here. */
  compared(region: string, nowMs: number): void {
    const peer = this.#peers.get(region);
    if (peer === undefined) return;
    peer.comparedMs = nowMs;
    peer.missesMs = undefined;
    if (peer.hello !== undefined) peer.received.excuse(peer.incarnation, peer.hello.sequence);
  }

  /**
   * Has the world forget tombstones which every region has, and which are older than anything that
   * may still come.
   */
  forgetGone(mirror: Mirror, hybrid: HybridClock, retentionMs: number): void {
    const nowMs = hybrid.timeMs;
    if (mirror.register.goneCount === 0 || nowMs - this.#forgottenMs < FORGET_EVERY_MS) return;
    this.#forgottenMs = nowMs;
    let end = makeStamp(Math.max(0, nowMs - retentionMs));
    for (const { equalAt } of this.#peers.values()) {
      if (compareStamps(equalAt, end) < 0) end = equalAt;
    }
    if (compareStamps(end, STAMP_ZERO) > 0) mirror.forgetGone(end);
  }
}
