import type { ShardConfig } from "./config.ts";
import type { WorldOptions } from "./world/shard-world.ts";
import { factoryOf } from "./world/worlds.ts";

/** What a shard's world is made with, by whoever steps through it. */
export function worldOptionsOf(config: ShardConfig): WorldOptions {
  return {
    tickRate: config.tickRate,
    seed: seedOf(factoryOf(config.world).isMirrored ? mirroredKey(config) : config.shardKey),
    capacity: config.playersMax,
    side: config.arenaSide,
    cellSize: config.arenaCell,
    ...(config.spawnBlocks !== undefined && { spawnBlocks: config.spawnBlocks }),
  };
}

/** The same in every region. */
function mirroredKey({ world, instance }: ShardConfig): string {
  return `${world}:${instance}`;
}

/** The world's seed, stable for a key: FNV-1a. */
function seedOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
