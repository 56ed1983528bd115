import type { Log } from "#shared/infra/log.ts";
import { ConfigurationError } from "#shared/infra/settings.ts";
import type { Recovery } from "./persistence/messages.ts";
import type { ShardWorld, ShardWorldFactory, WorldOptions } from "./world/shard-world.ts";

export interface RestoreOptions extends WorldOptions {
  log: Log;
  databasePath: string;
}

/**
 * Brings a world back to its last committed tick: the newest snapshot, then the journal's inputs
 * through the very same steps. A new database starts a new world.
 */
export function restoreWorld(
  factory: ShardWorldFactory,
  recovery: Recovery,
  options: RestoreOptions,
): ShardWorld {
  const { log, databasePath, ...worldOptions } = options;
  for (const warning of recovery.warnings) log.warning(warning, { database: databasePath });
  if (recovery.snapshot === undefined) {
    log.info("a new world begins", { database: databasePath });
    return factory.create(worldOptions);
  }
  const world = factory.restore(recovery.snapshot.state, worldOptions);
  if (world.tickRate !== options.tickRate) {
    throw new ConfigurationError(
      `cannot use TESSERA_TICK_RATE=${options.tickRate}: the world in ${databasePath} was made ` +
        `with ${world.tickRate}; set that, or move the file away to start the world anew`,
    );
  }
  replay(world, recovery, databasePath);
  log.info("world restored", {
    tick: world.tick,
    replayedTicks: recovery.journal.length,
    players: world.population,
  });
  return world;
}

/** Steps through the journal; throws when the world does not become what it was. */
function replay(world: ShardWorld, recovery: Recovery, databasePath: string): void {
  let lastEqual = world.tick;
  for (const { tick, inputs, stateHash } of recovery.journal) {
    world.replay(inputs);
    if (stateHash === undefined) continue;
    if (world.hash() !== stateHash) {
      throw new Error(
        `cannot restore world from ${databasePath}: after tick ${tick} its state is not what it ` +
          `was (hash ${world.hash()}, the journal has ${stateHash}; up to tick ${lastEqual} it ` +
          "is). The rules are not those that wrote the journal: start the version of Tessera " +
          "that did, stop it in order, and update then",
      );
    }
    lastEqual = tick;
  }
}
