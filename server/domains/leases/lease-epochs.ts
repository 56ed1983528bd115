import { gt } from "drizzle-orm";
import type { BusMessage } from "#proto/bus_pb.ts";
import { leases } from "#shared/infra/db/schema/control.ts";
import type { Log } from "#shared/infra/log.ts";
import { LEASE_MS } from "#shared/model/leases.ts";
import type { ControlDatabase } from "../../deps.ts";

export interface LeaseEpochsOptions {
  readonly log: Log;
  /** Told of each message that was held back. */
  readonly fenced: () => void;
}

/**
 * The epoch under which each shard is owned now, by which messages of owners that were are told
 * from those of the one that is. One entry for each row of the table.
 */
export class LeaseEpochs {
  readonly #options: LeaseEpochsOptions;
  readonly #epochs = new Map<string, number>();
  /** Epochs that are over and whose messages were logged, by shard. */
  readonly #saidOf = new Map<string, number>();

  constructor(options: LeaseEpochsOptions) {
    this.#options = options;
  }

  /**
   * Reads all leases; before the first message comes. A lease that ends later than one granted now
   * was written by a clock that has been set back since, and must not last longer than that.
   */
  async load(database: ControlDatabase, nowMs: number): Promise<void> {
    const latestMs = nowMs + LEASE_MS;
    const { orm } = database;
    const [, rows] = await orm.batch([
      orm.update(leases).set({ expiresAtMs: latestMs }).where(gt(leases.expiresAtMs, latestMs)),
      orm.select({ shardKey: leases.shardKey, epoch: leases.epoch }).from(leases),
    ]);
    for (const { shardKey, epoch } of rows) this.raise(shardKey, epoch);
  }

  /** An epoch was granted, or is told of by its holder. */
  raise(shardKey: string, epoch: number): void {
    if (epoch > this.#epochOf(shardKey)) this.#epochs.set(shardKey, epoch);
  }

  /** Whether a message comes from a shard that another server leases, for its own players. */
  isForeign({ source, epoch }: Pick<BusMessage, "source" | "epoch">): boolean {
    return epoch > 0 && !this.leases(source);
  }

  /** Whether this server's database has a lease of the shard, or had one. */
  leases(shardKey: string): boolean {
    return this.#epochs.has(shardKey);
  }

  /** Whether a message comes from a shard's owner, or from something that is no shard. */
  isCurrent({ source, epoch }: BusMessage): boolean {
    const current = this.#epochOf(source);
    if (epoch >= current) return true;
    this.#options.fenced();
    if (this.#saidOf.get(source) !== epoch) {
      this.#saidOf.set(source, epoch);
      this.#options.log.warning("messages of a shard that is not the owner any more are ignored", {
        shard: source,
        epoch,
        current,
      });
    }
    return false;
  }

  #epochOf(shardKey: string): number {
    return this.#epochs.get(shardKey) ?? 0;
  }
}
