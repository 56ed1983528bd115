import { arenaFactory } from "./arena/arena-shard-world.ts";
import { blocksFactory } from "./blocks/blocks-shard-world.ts";
import type { ShardWorldFactory } from "./shard-world.ts";

/** The worlds that a shard can run; a new world is one line here. */
export const worldFactories: Readonly<Record<string, ShardWorldFactory>> = {
  arena: arenaFactory,
  blocks: blocksFactory,
};

/** Throws for a world that is unknown here; flags are checked before. */
export function factoryOf(world: string): ShardWorldFactory {
  const factory = worldFactories[world];
  if (factory === undefined) throw new Error(`cannot start shard: no world ${world}`);
  return factory;
}
