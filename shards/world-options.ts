import type { ShardConfig } from "./config.ts";
import type { WorldOptions } from "./world/shard-world.ts";

/** What a shard's world is made with, by whoever steps through it. */
export function worldOptionsOf(config: ShardConfig): WorldOptions {
  return {
    tickRate: config.tickRate,
    seed: seedOf(config.shardKey),
    capacity: config.playersMax,
    side: config.arenaSide,
    cellSize: config.arenaCell,
  };
}

/** The world's seed, stable for a shard: FNV-1a of its key. */
function seedOf(shardKey: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < shardKey.length; index++) {
    hash = Math.imul(hash ^ shardKey.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
