import { arenaFactory } from "./arena/arena-shard-world.ts";
import type { ShardWorldFactory } from "./shard-world.ts";

/** The worlds that a shard can run; a new world is one line here. */
export const worldFactories: Readonly<Record<string, ShardWorldFactory>> = {
  arena: arenaFactory,
};
