import type { Log } from "#shared/infra/log.ts";
import { ConfigurationError } from "#shared/infra/settings.ts";
import type { Recovery } from "./persistence/messages.ts";
import type { ShardWorld, ShardWorldFactory, WorldOptions } from "./world/shard-world.ts";

/**
 * Brings a world back to its last committed tick: the newest snapshot, then the journal's inputs
 * through the very same steps. A new database starts a new world.
 */
export function restoreWorld(
  factory: ShardWorldFactory,
  recovery: Recovery,
  options: WorldOptions & { log: Log; databasePath: string },
): ShardWorld {
  const { log, databasePath, ...worldOptions } = options;
  for (const warning of recovery.warnings) log.warning(warning, { database: databasePath });
  if (recovery.snapshot === undefined) {
    log.info("a new world begins", { database: databasePath });
    return factory.create(worldOptions);
  }
  const world = factory.restore(recovery.snapshot, worldOptions);
  if (world.tickRate !== options.tickRate) {
    throw new ConfigurationError(
      `cannot use TESSERA_TICK_RATE=${options.tickRate}: the world in ${databasePath} was made ` +
        `with ${world.tickRate}; set that, or move the file away to start the world anew`,
    );
  }
  for (const { inputs } of recovery.journal) world.replay(inputs);
  log.info("world restored", {
    tick: world.tick,
    replayedTicks: recovery.journal.length,
    players: world.population,
  });
  return world;
}
