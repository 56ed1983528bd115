import { cpSync } from "node:fs";
import { dirname, join } from "node:path";
import { createCrowdedShard, TICK_RATE } from "./crowded-shard.ts";
import { commitTick, openStorage } from "./storage.ts";

/** Snapshots that a shard keeps, each with the journal behind it. */
const SNAPSHOTS = 3;
/** As the shard names it, in its data folder. */
const DATABASE = "shards/arena-1-eu-west-1.db";

export interface KilledOptions {
  readonly folder: string;
  readonly entities: number;
  /** Ticks after the newest snapshot, and between two of them. */
  readonly journalTicks: number;
}

/**
 * Leaves a data folder as a shard does that is killed just before its next snapshot: three of them,
 * the journal behind the oldest, a log that is not merged into the database yet. The result is the
 * folder.
 */
export async function leaveKilled(options: KilledOptions): Promise<string> {
  const { folder, entities, journalTicks } = options;
  const { world, tokens, queueTurns } = createCrowdedShard(entities);
  const path = join(folder, "running", DATABASE);
  let waiting = { tick: 0, resolve: () => {} };
  const storage = await openStorage(path, (tick) => {
    if (tick === waiting.tick) waiting.resolve();
  });
  const sessions = Array.from(tokens, ([playerId, tokenHash]) => ({ playerId, tokenHash }));
  storage.snapshot(world);
  commitTick(world, storage, sessions);
  while (world.tick < (SNAPSHOTS + 1) * journalTicks) {
    // A second at a time, so that the Worker has no more before it than a shard's would.
    const committed = new Promise<void>((resolve) => {
      waiting = { tick: Math.min(world.tick + TICK_RATE, (SNAPSHOTS + 1) * journalTicks), resolve };
    });
    while (world.tick < waiting.tick) {
      queueTurns();
      commitTick(world, storage);
      if (world.tick % journalTicks === 0 && world.tick <= SNAPSHOTS * journalTicks) {
        storage.snapshot(world);
      }
    }
    await committed;
  }
  const killed = join(folder, "killed");
  cpSync(dirname(dirname(path)), killed, { recursive: true });
  await storage.close();
  return killed;
}
