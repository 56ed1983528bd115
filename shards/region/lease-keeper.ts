// A shard's hold on its lease: takes it, renews it, and tells when it is gone.
//
// Validity is counted on this machine's clock from before a request was sent, so that it ends here
// no later than at the authority, whatever the network did in between.
import type { Log } from "#shared/infra/log.ts";
import { TemporaryFailure } from "#shared/infra/process.ts";
import { ConfigurationError } from "#shared/infra/settings.ts";
import type { ShardKey } from "#shared/model/ids.ts";
import { LEASE_MS, LEASE_RENEW_MS, type Lease, type LeaseAnswer } from "#shared/model/leases.ts";
import type { CancelTimer, Clock } from "#shared/time/clock.ts";
import type { LeaseAuthority } from "./lease-authority.ts";

/** A start waits this long for a server; then it leaves, and its supervisor may try anew. */
const SERVER_WAIT_MS_MAX = 60_000;
const SERVER_RETRY_MS = 250;
/** How often a start that waits for the server says so. */
const SERVER_WAIT_SAID_MS = 5_000;
/** Between two looks at a lease that another process holds. */
const HELD_RETRY_MS_MIN = 50;
const HELD_RETRY_MS_MAX = 1_000;
/** After a renewal that was not answered. */
const RENEW_RETRY_MS = 500;
/** An ordered stop does not wait longer than this for the lease to be given back. */
const RELEASE_MS_MAX = 500;

/** What a process shows when it asks for a lease: its database as it is now. */
export interface LeaseClaim {
  readonly databaseId: string;
  readonly databaseFile: string;
  /** Highest epoch in it. */
  readonly epoch: number;
  /** Last committed tick in it. */
  readonly tick: number;
  /** Where clients will connect, if that is known. */
  readonly address: string;
}

export interface AcquireOptions {
  readonly claim: LeaseClaim;
  /** Go on with this database in the place of the one in which the world was. */
  readonly takeOver: boolean;
  /** Ends the wait; its reason is thrown. */
  readonly stopping?: AbortSignal | undefined;
}

/** A shard that serves, as its keeper sees it. */
export interface LeaseUse {
  readonly address: string;
  /** Last committed tick. */
  readonly tick: () => number;
  /** The shard is not this process's any more: it must stop at once. Called once at most. */
  readonly lost: (reason: string) => void;
}

export interface LeaseKeeperOptions {
  readonly authority: LeaseAuthority;
  readonly clock: Clock;
  readonly log: Log;
  readonly shardKey: ShardKey;
  /** Random, new for each process. */
  readonly holder: string;
  /**
   * Whether another database may take over without being told to, so that serving must end with
   * the lease. Otherwise the shard goes on while the authority is out of reach.
   */
  readonly strict: boolean;
  /** Told of the epoch as soon as it is granted. */
  readonly granted?: (epoch: number) => void;
}

/** One process's hold on one shard; after `lost` or `release` it is over. */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  #claim: LeaseClaim | undefined;
  #use: LeaseUse | undefined;
  #epoch = 0;
  #validUntilMs = Number.NEGATIVE_INFINITY;
  /** Until when serving is excused although nobody renews, since the authority was asked. */
  #excusedUntilMs = Number.NEGATIVE_INFINITY;
  #ended = false;
  /** Since when renewals are not answered. */
  #awaySinceMs: number | undefined;
  #cancelRenewal: CancelTimer = () => undefined;
  #cancelDeadline: CancelTimer = () => undefined;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
  }

  /** 0 before the lease was granted. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Until the lease runs out by this machine's clock. */
  get secondsLeft(): number {
    return Math.max(0, this.#validUntilMs - this.#options.clock.monotonicMs()) / 1_000;
  }

  /**
   * Whether the shard may serve at this moment. After a standstill of the process it may not before
   * the authority was asked, whether it answered or is out of reach.
   */
  get holds(): boolean {
    if (this.#epoch === 0 || this.#ended) return false;
    const untilMs = Math.max(this.#validUntilMs, this.#excusedUntilMs);
    return this.#options.clock.monotonicMs() < untilMs;
  }

  /**
   * Waits for the lease and gives its epoch. Throws TemporaryFailure when it is not granted, or no
   * server is there: whoever supervises this process may try again, and nobody else has to stop.
   */
  async acquire(options: AcquireOptions): Promise<number> {
    const { clock } = this.#options;
    const patience = new ServerPatience(this.#options);
    let before: Lease | undefined;
    for (;;) {
      options.stopping?.throwIfAborted();
      const sentMs = clock.monotonicMs();
      const answer = await this.#ask(options, patience);
      if (answer === undefined) {
        await pause(clock, SERVER_RETRY_MS, options.stopping);
      } else if (answer.outcome === "granted") {
        this.#grant(answer.lease, sentMs);
        return this.#epoch;
      } else {
        this.#judge(answer, before);
        before = answer.lease;
        const waitMs = Math.min(HELD_RETRY_MS_MAX, Math.max(HELD_RETRY_MS_MIN, before.leftMs));
        await pause(clock, waitMs, options.stopping);
      }
    }
  }

  /** Renews from here on, until `lost` or `release`. */
  keep(use: LeaseUse): void {
    this.#use = use;
    void this.#renew();
  }

  /** Gives the lease back, so that the next process need not wait; `tick` is the last one. */
  async release(tick: number): Promise<void> {
    if (this.#ended || this.#epoch === 0) return;
    this.#end();
    const { authority, clock, shardKey, holder, log } = this.#options;
    const given = authority.release({ shardKey, holder, epoch: this.#epoch, tick }).then(
      () => undefined,
      // It runs out by itself.
      (error) => log.info("the lease could not be given back", { reason: describe(error) }),
    );
    await Promise.race([given, pause(clock, RELEASE_MS_MAX)]);
  }

  async #ask(
    { claim, takeOver }: AcquireOptions,
    patience: ServerPatience,
  ): Promise<LeaseAnswer | undefined> {
    const { authority, shardKey, holder } = this.#options;
    this.#claim = claim;
    try {
      const answer = await authority.acquire({ shardKey, holder, takeOver, ...this.#claim });
      patience.answered();
      return answer;
    } catch (error) {
      if (error instanceof ConfigurationError) throw error;
      patience.tried(error);
      return undefined;
    }
  }

  /** Throws unless waiting makes sense. */
  #judge(answer: Extract<LeaseAnswer, { outcome: "refused" }>, before: Lease | undefined): void {
    const { message, lease } = answer;
    if (answer.reason !== "held") throw new TemporaryFailure(message);
    if (before === undefined) {
      this.#options.log.info("another process holds the lease; waiting for its end", {
        holder: lease.holder,
        address: lease.address,
        leftMs: lease.leftMs,
      });
      return;
    }
    // Renewed while this one looked on: its holder lives.
    const isAlive = lease.holder !== before.holder || lease.renewedAt !== before.renewedAt;
    if (isAlive) throw new TemporaryFailure(message);
  }

  async #renew(): Promise<void> {
    const { authority, clock, shardKey, holder, strict } = this.#options;
    if (this.#ended || this.#use === undefined || this.#claim === undefined) return;
    const { address } = this.#use;
    const sentMs = clock.monotonicMs();
    let waitMs = LEASE_RENEW_MS;
    try {
      const own = { ...this.#claim, epoch: this.#epoch, address, tick: this.#use.tick() };
      const answer = await authority.renew({ shardKey, holder, ...own });
      if (this.#ended) return;
      if (answer.outcome === "refused") return this.#lose(answer.message);
      this.#grant(answer.lease, sentMs);
    } catch (error) {
      if (this.#ended) return;
      this.#sayAway(sentMs, error);
      if (!strict) this.#excusedUntilMs = clock.monotonicMs() + LEASE_MS;
      waitMs = RENEW_RETRY_MS;
    }
    const inMs = Math.max(0, sentMs + waitMs - clock.monotonicMs());
    this.#cancelRenewal = clock.schedule(inMs, () => void this.#renew());
  }

  #grant(lease: Lease, sentMs: number): void {
    const { clock, log, strict, granted } = this.#options;
    if (this.#awaySinceMs !== undefined) {
      const awayMs = Math.round(clock.monotonicMs() - this.#awaySinceMs);
      log.info("the lease is renewed again", { epoch: lease.epoch, awayMs });
      this.#awaySinceMs = undefined;
    }
    if (this.#epoch !== lease.epoch) {
      this.#epoch = lease.epoch;
      log.info("this process owns the shard", { epoch: lease.epoch });
      if (lease.ticksLost > 0) {
        log.warning("the database ends before what its last owner told of: that is lost", {
          ticks: lease.ticksLost,
        });
      }
      granted?.(lease.epoch);
    }
    this.#validUntilMs = sentMs + lease.leftMs;
    if (!strict) return;
    this.#cancelDeadline();
    const inMs = this.#validUntilMs - clock.monotonicMs();
    this.#cancelDeadline = clock.schedule(inMs, () => {
      this.#lose("the lease has run out, and the server does not answer");
    });
  }

  #sayAway(sentMs: number, error: unknown): void {
    if (this.#awaySinceMs !== undefined) return;
    this.#awaySinceMs = sentMs;
    const { log, strict } = this.#options;
    const { secondsLeft } = this;
    const consequence = strict
      ? "the shard stops when it has run out"
      : "the shard goes on: nobody else may have it without being told to take over";
    log.warning(`cannot renew the lease; ${consequence}`, {
      secondsLeft,
      reason: describe(error),
    });
  }

  #lose(reason: string): void {
    if (this.#ended) return;
    this.#end();
    this.#use?.lost(reason);
  }

  #end(): void {
    this.#ended = true;
    this.#cancelRenewal();
    this.#cancelDeadline();
  }
}

/** How long a start waits for a server that does not answer. */
class ServerPatience {
  readonly #options: LeaseKeeperOptions;
  #sinceMs: number;
  #saidMs = Number.NEGATIVE_INFINITY;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
    this.#sinceMs = options.clock.monotonicMs();
  }

  answered(): void {
    this.#sinceMs = this.#options.clock.monotonicMs();
  }

  /** Says that the server did not answer; throws when that has lasted too long. */
  tried(error: unknown): void {
    const { clock, log } = this.#options;
    const nowMs = clock.monotonicMs();
    const reason = describe(error);
    if (nowMs - this.#sinceMs >= SERVER_WAIT_MS_MAX) {
      throw new TemporaryFailure(
        `cannot own a shard: the server did not answer for ${SERVER_WAIT_MS_MAX / 1_000} s ` +
          `(${reason}); start it, or set TESSERA_SERVER_URL to where it is`,
      );
    }
    if (nowMs - this.#saidMs < SERVER_WAIT_SAID_MS) return;
    this.#saidMs = nowMs;
    log.warning("waiting for the server: a shard without a lease does not serve", { reason });
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Rejects with the signal's reason when that comes first. */
function pause(clock: Clock, ms: number, stopping?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      cancel();
      reject(stopping?.reason);
    };
    const cancel = clock.schedule(ms, () => {
      stopping?.removeEventListener("abort", stop);
      resolve();
    });
    stopping?.addEventListener("abort", stop, { once: true });
  });
}
