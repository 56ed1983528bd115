import type { ShardStatus } from "#proto/bus_pb.ts";
import { type Bus, TOPIC_SHARDS } from "#shared/infra/bus/bus.ts";
import type { Clock } from "#shared/time/clock.ts";

/** A replica may be behind what its owner knows to be in it for so long; then it stands still. */
const STALE_MS = 3_000;

/** What a standby has of the owner's state. */
export interface FollowedState {
  readonly tick: number;
  /** Names the filling that the replica holds. */
  readonly generation: string | undefined;
}

/** What the owner of a shard says of itself on the bus. */
export class OwnerWatch {
  readonly #clock: Clock;
  readonly #unsubscribe: () => void;
  #status: ShardStatus | undefined;
  /** Since when what is followed lacks what the owner has shipped. */
  #behindSinceMs: number | undefined;

  constructor({ bus, clock, shardKey }: { bus: Bus; clock: Clock; shardKey: string }) {
    this.#clock = clock;
    this.#unsubscribe = bus.subscribe(TOPIC_SHARDS, ({ payload }) => {
      if (payload.case !== "shardStatus" || payload.value.shardKey !== shardKey) return;
      this.#status = payload.value;
    });
  }

  /** Last tick that the owner told of; 0 before it did. */
  get tick(): number {
    return this.#status?.tick ?? 0;
  }

  /** Why the replica is not what the owner ships to; undefined while it is, or may be. */
  findStale({ tick, generation }: FollowedState): string | undefined {
    const said = this.#status;
    if (said === undefined || said.replicaGeneration === "") return undefined;
    const isOther = generation !== undefined && generation !== said.replicaGeneration;
    if (!isOther && tick >= said.replicaTick) {
      this.#behindSinceMs = undefined;
      return undefined;
    }
    const nowMs = this.#clock.monotonicMs();
    this.#behindSinceMs ??= nowMs;
    if (nowMs - this.#behindSinceMs < STALE_MS) return undefined;
    if (isOther) {
      return (
        "the replica holds an older filling than the one that the owner ships to now: its " +
        "primary was wiped, and it did not notice; make the replica anew"
      );
    }
    return (
      `the replica stands still at tick ${tick}, and its owner ships on; check that it follows ` +
      "its primary"
    );
  }

  close(): void {
    this.#unsubscribe();
  }
}
