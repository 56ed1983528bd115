import type { ShardConfig } from "../config.ts";
import type { Lasting, Recovery } from "../persistence/messages.ts";
import type { Persistence } from "../persistence/persistence.ts";
import { nameDatabaseFile } from "./database-file.ts";
import type { LeaseKeeper } from "./lease-keeper.ts";

export interface OwnShardOptions {
  readonly config: ShardConfig;
  readonly lease: LeaseKeeper;
  /** Opened, locked and read; closed when the lease cannot be had. */
  readonly persistence: Persistence;
  readonly recovery: Recovery;
  /** Ends the wait for the lease. */
  readonly stopping?: AbortSignal;
}

/**
 * Becomes the shard's owner, and notes the epoch in its database: the first that is written to it.
 * The lock on the file is held meanwhile; it proves that no process before writes there any more.
 */
export async function ownShard(options: OwnShardOptions): Promise<Lasting> {
  const { config, lease, persistence, recovery, stopping } = options;
  const { id: databaseId, epoch, tick } = recovery.database;
  const databaseFile = nameDatabaseFile(config.databasePath);
  const claim = { databaseId, databaseFile, epoch, tick, address: config.publicUrl ?? "" };
  try {
    const { takeOver } = config;
    return await persistence.own(await lease.acquire({ claim, takeOver, stopping }));
  } catch (error) {
    await persistence.close();
    throw error;
  }
}
