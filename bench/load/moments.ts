import type { CancelTimer, Clock } from "#shared/time/clock.ts";
import type { BareShard } from "./bare-shard.ts";
import type { ProcessUsage } from "./process-usage.ts";
import type { Counters } from "./recorder.ts";
import type { Swarm } from "./swarm.ts";

/** How things were in one second. Latencies are of what came back in it, in milliseconds. */
export interface Moment {
  readonly atSeconds: number;
  readonly players: number;
  readonly framesPerSecond: number;
  readonly bytesPerSecond: number;
  readonly inputsPerSecond: number;
  readonly cuts: number;
  readonly ackMsP50: number;
  readonly ackMsP99: number;
  readonly observerMsP50: number;
  readonly observerMsP99: number;
  readonly pingMsP50: number;
  readonly pingMsP99: number;
  readonly generatorCpuPercent: number;
  /** Undefined when the shard is not ours. */
  readonly shardCpuPercent: number | undefined;
  readonly shardRssMB: number | undefined;
}

/** Moments that are kept; then every second one is dropped and they come half as often. */
const MOMENTS_MAX = 1_200;
const SECOND_MS = 1_000;

export interface MomentsOptions {
  readonly clock: Clock;
  readonly swarm: Swarm;
  readonly shard: BareShard | undefined;
  /** Told of each moment. */
  readonly heard: (moment: Moment) => void;
}

/** Looks at a swarm once per second, from its beginning. */
export class Moments implements Disposable {
  readonly #options: MomentsOptions;
  readonly #startMs: number;
  #list: Moment[] = [];
  #everyMs = SECOND_MS;
  #last: Reading | undefined;
  #cancel: CancelTimer;
  #dueMs: number;
  #isOver = false;

  constructor(options: MomentsOptions) {
    this.#options = options;
    this.#startMs = options.clock.monotonicMs();
    this.#dueMs = this.#startMs;
    this.#cancel = options.clock.schedule(0, () => void this.#look());
  }

  get list(): readonly Moment[] {
    return this.#list;
  }

  /** Seconds since the beginning. */
  get nowSeconds(): number {
    return (this.#options.clock.monotonicMs() - this.#startMs) / 1_000;
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#cancel();
  }

  async #look(): Promise<void> {
    const { clock, heard } = this.#options;
    const reading = await this.#read();
    if (this.#isOver) return;
    const last = this.#last;
    this.#last = reading;
    if (last !== undefined) {
      const moment = this.#describe(last, reading);
      this.#list.push(moment);
      heard(moment);
    }
    if (this.#list.length >= MOMENTS_MAX) {
      this.#list = this.#list.filter((_, index) => index % 2 === 1);
      this.#everyMs *= 2;
    }
    this.#dueMs += this.#everyMs;
    const waitMs = Math.max(0, this.#dueMs - clock.monotonicMs());
    this.#cancel = clock.schedule(waitMs, () => void this.#look());
  }

  async #read(): Promise<Reading> {
    const { clock, swarm, shard } = this.#options;
    const usage = await shard?.usage().catch(() => undefined);
    const { user, system } = process.cpuUsage();
    return {
      atMs: clock.monotonicMs(),
      counters: { ...swarm.recorder.counters },
      generatorCpuSeconds: (user + system) / 1e6,
      usage,
    };
  }

  #describe(last: Reading, now: Reading): Moment {
    const { swarm } = this.#options;
    const { ack, observer, ping } = swarm.recorder;
    const [acks, sights, pings] = [ack, observer, ping].map((track) => track.takeInterval());
    const seconds = (now.atMs - last.atMs) / 1_000;
    const perSecond = (name: keyof Counters) =>
      (now.counters[name] - last.counters[name]) / seconds;
    const shardCpuSeconds = (now.usage?.cpuSeconds ?? 0) - (last.usage?.cpuSeconds ?? 0);
    return {
      atSeconds: (now.atMs - this.#startMs) / 1_000,
      players: swarm.playing,
      framesPerSecond: perSecond("frames"),
      bytesPerSecond: perSecond("bytes"),
      inputsPerSecond: perSecond("inputs"),
      cuts: now.counters.cuts - last.counters.cuts,
      ackMsP50: acks?.p50 ?? 0,
      ackMsP99: acks?.p99 ?? 0,
      observerMsP50: sights?.p50 ?? 0,
      observerMsP99: sights?.p99 ?? 0,
      pingMsP50: pings?.p50 ?? 0,
      pingMsP99: pings?.p99 ?? 0,
      generatorCpuPercent: (100 * (now.generatorCpuSeconds - last.generatorCpuSeconds)) / seconds,
      shardCpuPercent: now.usage && (100 * shardCpuSeconds) / seconds,
      shardRssMB: now.usage && now.usage.rssBytes / 1e6,
    };
  }
}

interface Reading {
  readonly atMs: number;
  readonly counters: Counters;
  readonly generatorCpuSeconds: number;
  readonly usage: ProcessUsage | undefined;
}
