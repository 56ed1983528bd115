// Clocks of machines are wrong now and then. A region cannot tell from its own clock; it can from
// those of the others. So it says when they differ, and when its own clock was ahead and is right
// again, it gives the writes of the wrong time new stamps: no other region would take them, or
// write over them, before that time has come.
import type { Clock } from "#shared/time/clock.ts";
import {
  type HybridClock,
  makeStamp,
  STAMP_AHEAD_MS_MAX,
  type Stamp,
} from "#shared/time/hybrid-clock.ts";
import type { Mirror } from "./mirror.ts";
import type { Peers } from "./peers.ts";
import type { SeldomLog } from "./seldom-log.ts";

/** Clocks that differ by no more are taken for right. */
const CLOCK_MS_MAX = 5_000;

export interface ClockWatchOptions {
  readonly hybrid: HybridClock;
  readonly clock: Clock;
  readonly mirror: Mirror;
  readonly peers: Peers;
  readonly log: SeldomLog;
  /** Writes with later stamps must not be told any more. */
  readonly forgetAfter: (limit: Stamp) => void;
}

/** Compares the clock of this region with those of the others. */
export class ClockWatch {
  readonly #options: ClockWatchOptions;
  /** To the region whose clock differs most, of those that are heard. */
  differenceMs = 0;
  /** Times that stamps of a wrong clock were given anew. */
  settled = 0;

  constructor(options: ClockWatchOptions) {
    this.#options = options;
  }

  /** Looks at what the regions said last; once a second. */
  look(): void {
    const { hybrid, clock, peers, log } = this.#options;
    const nowMs = clock.monotonicMs();
    const heard = peers.all.filter((peer) => peer.isHere(nowMs));
    const differences = heard.map(({ clockMs }) => clockMs);
    this.differenceMs = differences.reduce((most, each) => {
      return Math.abs(each) > Math.abs(most) ? each : most;
    }, 0);
    for (const { region, clockMs } of heard) {
      if (Math.abs(clockMs) <= STAMP_AHEAD_MS_MAX) {
        log.over(`clock ${region}`, `the clock of region ${region} and the one here agree again`);
        continue;
      }
      const where = clockMs > 0 ? "ahead of" : "behind";
      log.warning(
        `clock ${region}`,
        `the clock of region ${region} is ${Math.round(Math.abs(clockMs) / 1_000)} s ${where} ` +
          "the one here; set the one that is wrong",
      );
    }
    const agree = differences.filter((each) => Math.abs(each) <= CLOCK_MS_MAX).length;
    const isWrong = hybrid.behindMs > CLOCK_MS_MAX || hybrid.leadMs > STAMP_AHEAD_MS_MAX;
    if (isWrong && agree * 2 > differences.length) this.#settle();
  }

  #settle(): void {
    const { hybrid, clock, mirror, log, forgetAfter } = this.#options;
    const behindMs = Math.round(hybrid.leadMs);
    const limit = makeStamp(Math.trunc(clock.wallMs()) + STAMP_AHEAD_MS_MAX);
    hybrid.settle(mirror.register.greatestStamp(limit));
    forgetAfter(limit);
    mirror.stampAnew(limit);
    this.settled += 1;
    log.warning(
      "settled",
      `the clock was ${behindMs} ms ahead and is right again; what was written meanwhile is ` +
        "stamped anew",
    );
  }
}
