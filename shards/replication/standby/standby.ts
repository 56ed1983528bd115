// A standby: it follows a shard's replica in a database file of its own, and when the shard's owner
// is gone and the lease is granted, that file becomes the shard's and is served.
//
//   follow ─► the lease has run out ─► ask for it ─► granted
//                                                      │ note the epoch at the primary, so that an
//                                                      │ owner from before can add nothing any more
//                                                      │ take what the replica still has
//                                                      ▼
//                         the file gets a new id and its place among the shards' files, and serves
import type { Bus } from "#shared/infra/bus/bus.ts";
import type { Log } from "#shared/infra/log.ts";
import { createMetrics, type Metrics } from "#shared/infra/metrics.ts";
import { ConfigurationError } from "#shared/infra/settings.ts";
import type { Lease } from "#shared/model/leases.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { ShardConfig } from "../../config.ts";
import type { LeaseAuthority } from "../../region/lease-authority.ts";
import { isUnsound } from "./follow-status.ts";
import { Followed } from "./followed.ts";
import { OwnerWatch } from "./owner-watch.ts";
import { type StandbyHealth, type StandbyHttp, serveStandby } from "./standby-http.ts";
import { addStandbyMetrics } from "./standby-metrics.ts";
import { TakeoverGate } from "./takeover-gate.ts";

/** Between two looks at the lease; one that runs out before that is looked at just afterwards. */
const LOOK_MS_MAX = 500;
const LOOK_MS_MIN = 10;

export interface StandbyOptions {
  config: ShardConfig;
  clock: Clock;
  log: Log;
  bus: Bus;
  authority: LeaseAuthority;
  /** The same as the lease keeper's, which asks for the granted lease once more. */
  holder: string;
  /** Ends it; its reason is thrown. */
  stopping: AbortSignal;
  /** Told where it answers. */
  ready?: (port: number) => void;
}

/**
 * Follows until the shard is this process's to serve, and gives the configuration with which it is
 * to be started at once. Throws when the standby cannot go on. What was followed is kept.
 */
export async function standBy(options: StandbyOptions): Promise<ShardConfig> {
  const followed = await Followed.open(options);
  const standby = new Standby(options, followed);
  try {
    return await standby.run();
  } finally {
    await standby.close();
  }
}

class Standby {
  readonly #options: StandbyOptions;
  readonly #followed: Followed;
  readonly #owner: OwnerWatch;
  readonly #gate: TakeoverGate;
  readonly #metrics: Metrics;
  #http: StandbyHttp | undefined;
  #lease: Lease | undefined;
  /** Why it does not take over, as it was said last. */
  #said = "";
  #isTakingOver = false;

  constructor(options: StandbyOptions, followed: Followed) {
    const { bus, clock, config } = options;
    const { shardKey, tickRate, takeOver, world, region, instance } = config;
    this.#options = options;
    this.#followed = followed;
    this.#owner = new OwnerWatch({ bus, clock, shardKey });
    this.#gate = new TakeoverGate({ clock, tickRate, takeOver });
    const labels = { world, region, instance: String(instance) };
    this.#metrics = createMetrics({ process: "shard", labels });
    addStandbyMetrics(this.#metrics, { tickRate, health: () => this.#health() });
  }

  async run(): Promise<ShardConfig> {
    const { config, stopping, ready } = this.#options;
    const health = () => this.#health();
    this.#http = await serveStandby({ config, metrics: this.#metrics, health });
    ready?.(this.#http.port);
    this.#followed.start();
    for (;;) {
      stopping.throwIfAborted();
      this.#followed.assertGoesOn();
      this.#followed.tellStale(this.#owner.findStale(this.#followed));
      if (await this.#look()) break;
      await this.#pause();
    }
    // The shard listens where the standby did.
    const { port } = this.#http;
    return { ...config, port, standby: undefined, takeOver: false };
  }

  async close(): Promise<void> {
    this.#owner.close();
    this.#metrics.close();
    await this.#followed.close();
    await this.#http?.close();
  }

  /** Whether the shard is this process's now. */
  async #look(): Promise<boolean> {
    const { authority, config, log } = this.#options;
    const followed = this.#followed;
    let lease: Lease | undefined;
    try {
      lease = await authority.find(config.shardKey);
    } catch (error) {
      if (error instanceof ConfigurationError) throw error;
      this.#gate.serverAway();
      this.#say(`the server does not answer, and without it there is no takeover (${error})`);
      return false;
    }
    this.#lease = lease;
    if (lease !== undefined && lease.databaseId === followed.idInPlace) {
      log.info("the database in place is the shard's own: it is served, not followed");
      return true;
    }
    // It was granted, and the answer did not come.
    if (lease?.holder === this.#options.holder) return await this.#takeOver();
    const { state, progress, lives } = followed;
    const ownerTick = this.#owner.tick;
    const why = this.#gate.judge({ lease, state, progress, lives, ownerTick });
    if (why !== undefined || progress === undefined) {
      this.#say(why ?? "");
      return false;
    }
    return await this.#takeOver();
  }

  async #takeOver(): Promise<boolean> {
    const { authority, config, holder, log, clock } = this.#options;
    const { shardKey, publicUrl: address = "" } = config;
    const followed = this.#followed;
    const claim = { shardKey, holder, address, takeOver: true, ...followed.claim() };
    // When it is not answered, the next look tells whether it was granted.
    const answer = await authority.acquire(claim).catch(() => undefined);
    if (answer?.outcome !== "granted") {
      this.#say(answer?.message ?? "the server did not answer when it was asked for the lease");
      return false;
    }
    this.#isTakingOver = true;
    const { epoch } = answer.lease;
    log.info("the lease is granted: taking over", { epoch, tick: claim.tick });
    const startMs = clock.monotonicMs();
    const { tick, aside } = await followed.promote(epoch);
    const ticksLost = Math.max(0, this.#owner.tick - tick, (this.#lease?.tick ?? 0) - tick);
    const ms = Math.round(clock.monotonicMs() - startMs);
    log.info("taken over: the shard goes on from here", { tick, ticksLost, ms });
    if (aside !== undefined) log.info("the database that was in place is kept", { aside });
    return true;
  }

  #health(): StandbyHealth {
    const { state, progress, text, population } = this.#followed;
    const tick = progress?.tick ?? 0;
    const known = Math.max(this.#owner.tick, this.#lease?.tick ?? 0);
    return {
      status: this.#isTakingOver ? "taking over" : "standby",
      shard: this.#options.config.shardKey,
      can_take_over: progress !== undefined && !isUnsound(state),
      tick,
      players: population,
      lag_ticks: progress === undefined ? known : Math.max(0, known - tick),
      replica: state,
      text: this.#said === "" ? text : `${this.#said}; ${text}`,
    };
  }

  #say(text: string): void {
    if (text !== "" && text !== this.#said) this.#options.log.warning(text);
    this.#said = text;
  }

  async #pause(): Promise<void> {
    const { clock, stopping } = this.#options;
    const leftMs = this.#lease?.leftMs ?? 0;
    const isEnding = leftMs > 0 && leftMs < LOOK_MS_MAX;
    const delayMs = isEnding ? leftMs + LOOK_MS_MIN : LOOK_MS_MAX;
    await new Promise<void>((resolve) => {
      const done = () => {
        cancel();
        stopping.removeEventListener("abort", done);
        resolve();
      };
      const cancel = clock.schedule(delayMs, done);
      stopping.addEventListener("abort", done);
    });
  }
}
