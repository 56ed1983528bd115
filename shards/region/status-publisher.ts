import { ShardPhase } from "#proto/bus_pb.ts";
import { type Bus, TOPIC_SHARDS } from "#shared/infra/bus/bus.ts";
import type { CancelTimer, Clock } from "#shared/time/clock.ts";

const INTERVAL_MS = 1_000;

/** What does not change while a shard runs. */
export interface ShardIdentity {
  shardKey: string;
  world: string;
  region: string;
  instance: number;
  address: string;
  capacity: number;
  tickRate: number;
  startedAtMs: number;
}

/** What changes while it runs. */
export interface ShardReadings {
  population: number;
  tick: number;
  replicaTick: number;
  replicaGeneration: string;
}

/** Tells the deployment every second, and at each change of phase, how this shard is. */
export class StatusPublisher {
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #identity: ShardIdentity;
  readonly #read: () => ShardReadings;
  #phase = ShardPhase.STARTING;
  #cancel: CancelTimer | undefined;

  constructor(options: {
    bus: Bus;
    clock: Clock;
    identity: ShardIdentity;
    read: () => ShardReadings;
  }) {
    this.#bus = options.bus;
    this.#clock = options.clock;
    this.#identity = options.identity;
    this.#read = options.read;
  }

  enter(phase: ShardPhase): void {
    this.#phase = phase;
    this.#publish();
  }

  /** Says nothing any more: it is for another process to speak for this shard. */
  silence(): void {
    this.#cancel?.();
  }

  stop(): void {
    this.#cancel?.();
    this.enter(ShardPhase.STOPPED);
    this.#cancel?.();
  }

  #publish(): void {
    this.#cancel?.();
    const { startedAtMs, ...identity } = this.#identity;
    // While the bus is away a status is worth nothing later: the next one says it all.
    if (this.#bus.connected) {
      this.#bus.publish(TOPIC_SHARDS, {
        case: "shardStatus",
        value: {
          ...identity,
          ...this.#read(),
          phase: this.#phase,
          startedAtMs: BigInt(Math.trunc(startedAtMs)),
        },
      });
    }
    const delayMs = this.#bus.connected ? INTERVAL_MS : INTERVAL_MS / 10;
    this.#cancel = this.#clock.schedule(delayMs, () => this.#publish());
  }
}
