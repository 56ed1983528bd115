// Whether a gateway still does its work.
//
// A gateway that ends is noticed at once, one that stands still (a loop that never returns, a call
// that never comes back) is not: its slots fill, its clients are left out tick after tick, and the
// shard would serve half of its players for ever. So the loop looks at what the gateway has taken
// from it. Nothing taken for a long time while something waits: it will not come back by itself.

/** A gateway that is owed work and takes none for so long stands still. */
export const WEDGED_MS = 10_000;
/** Whoever looks so seldom stood still itself, such as in a suspended process, and cannot tell. */
const LOOKS_MS_MAX = 1_000;

/** What a gateway was seen to do. */
export interface GatewayProgress {
  /** Anything that changes whenever the gateway takes something. */
  taken: number;
  /** Something waits for it. */
  isOwed: boolean;
}

/** The loop's eye on one gateway. */
export class GatewayWatch {
  #taken = 0;
  /** When it was last known to work or to have nothing to do. */
  #wellMs: number;
  #lookedMs: number;

  constructor(nowMs: number) {
    this.#wellMs = nowMs;
    this.#lookedMs = nowMs;
  }

  /** Takes a look; true when the gateway stands still. To be called at each tick. */
  isWedged({ taken, isOwed }: GatewayProgress, nowMs: number): boolean {
    const wasAway = nowMs - this.#lookedMs > LOOKS_MS_MAX;
    if (!isOwed || wasAway || taken !== this.#taken) this.#wellMs = nowMs;
    this.#taken = taken;
    this.#lookedMs = nowMs;
    return nowMs - this.#wellMs >= WEDGED_MS;
  }
}
