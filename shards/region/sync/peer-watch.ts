import type { Log } from "#shared/infra/log.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { Peers } from "./peers.ts";

/** A region that was not heard yet may still be starting for so long. */
const FIRST_HEARD_MS_MAX = 30_000;

export interface PeerWatchOptions {
  readonly peers: Peers;
  readonly clock: Clock;
  readonly log: Log;
}

/** Says when another region falls silent, once, and when it is heard again. */
export class PeerWatch {
  readonly #options: PeerWatchOptions;
  /** Since when a region is expected to be heard. */
  readonly #expectedMs = new Map<string, number>();
  readonly #silent = new Set<string>();

  constructor(options: PeerWatchOptions) {
    this.#options = options;
  }

  /** Looks at who was heard; once a second. */
  look(): void {
    const { peers, clock, log } = this.#options;
    const nowMs = clock.monotonicMs();
    for (const peer of peers.all) {
      const { region } = peer;
      const expectedMs = this.#expectedMs.get(region) ?? nowMs;
      this.#expectedMs.set(region, expectedMs);
      if (peer.isHere(nowMs)) {
        if (this.#silent.delete(region)) log.info(`region ${region} is heard now`);
        continue;
      }
      const wasHeard = peer.heardMs > Number.NEGATIVE_INFINITY;
      const isLate = wasHeard || nowMs - expectedMs > FIRST_HEARD_MS_MAX;
      if (!isLate || this.#silent.has(region)) continue;
      this.#silent.add(region);
      log.warning(wasHeard ? silentText(region) : neverHeardText(region));
    }
    const regions = new Set(peers.all.map(({ region }) => region));
    for (const region of this.#expectedMs.keys()) {
      if (regions.has(region)) continue;
      this.#expectedMs.delete(region);
      this.#silent.delete(region);
    }
  }
}

function silentText(region: string): string {
  return (
    `region ${region} is silent: its shard does not run, or one of the two does not reach the ` +
    "broker; what either writes meanwhile comes when it is heard again"
  );
}

function neverHeardText(region: string): string {
  return (
    `region ${region} was not heard yet: start its shard, and see that both name the same broker ` +
    "and stream; or take its file away"
  );
}
