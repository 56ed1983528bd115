/** Worlds, the shards that run them, and the way in. */
export { saveShard } from "./save-shard.ts";
export { ShardRegistry } from "./shard-registry.ts";
export { updateWorlds } from "./update-worlds.ts";
