import type { Log } from "#shared/infra/log.ts";
import { ConfigurationError } from "#shared/infra/settings.ts";
import { SnapshotError } from "#shared/sim/index.ts";
import type { RecoveredSnapshot, Recovery, RecoveryRequest } from "./persistence/messages.ts";
import { findDifference, versionOfSnapshot } from "./persistence/snapshot-difference.ts";
import type { ShardWorld, ShardWorldFactory, WorldOptions } from "./world/shard-world.ts";

export interface RestoreOptions extends WorldOptions {
  log: Log;
  databasePath: string;
  /** Reads what a start from an earlier snapshot takes; throws when there is none. */
  recover: (request: RecoveryRequest) => Promise<Recovery>;
}

/**
 * Brings a world to the tick of its recovery: the snapshot, then the journal's inputs through the
 * very same steps, the state's hash compared with the journal's wherever that has one. A snapshot
 * that is not the state that was gives way to an earlier one. A new database starts a new world.
 */
export async function restoreWorld(
  factory: ShardWorldFactory,
  recovery: Recovery,
  options: RestoreOptions,
): Promise<ShardWorld> {
  const { log, databasePath } = options;
  for (const warning of recovery.warnings) log.warning(warning, { database: databasePath });
  if (recovery.snapshot === undefined) {
    log.info("a new world begins", { database: databasePath });
    return factory.create(options);
  }
  const start = restoreSnapshot(factory, recovery.snapshot, options);
  const world =
    start.problem === undefined
      ? replay(start.world, recovery, { databasePath })
      : await startEarlier(factory, { snapshot: recovery.snapshot, ...start }, options);
  log.info("world restored", {
    tick: world.tick,
    replayedTicks: recovery.journal.length,
    players: world.population,
  });
  return world;
}

type Start =
  | { world: ShardWorld; problem: undefined }
  | { world: ShardWorld | undefined; problem: string };

/** The world as a snapshot has it, and what is wrong with that. */
function restoreSnapshot(
  factory: ShardWorldFactory,
  { tick, state, stateHash }: RecoveredSnapshot,
  options: RestoreOptions,
): Start {
  const { databasePath } = options;
  try {
    const world = factory.restore(state, options);
    if (world.tickRate !== options.tickRate) {
      throw new ConfigurationError(
        `cannot use TESSERA_TICK_RATE=${options.tickRate}: the world in ${databasePath} was ` +
          `made with ${world.tickRate}; set that, or move the file away to start the world anew`,
      );
    }
    if (stateHash === undefined || world.hash() === stateHash) return { world, problem: undefined };
    // What an older version wrote has been changed on the way in, its hash with it.
    if (versionOfSnapshot(state) < versionOfSnapshot(world.snapshot())) {
      return { world, problem: undefined };
    }
    return { world, problem: `its hash is ${world.hash()}, the journal has ${stateHash}` };
  } catch (error) {
    if (!(error instanceof SnapshotError)) throw error;
    // An earlier snapshot would have the same problem.
    if (["version", "world", "capacity"].includes(error.problem)) {
      throw new Error(`cannot restore world from ${databasePath}, tick ${tick}: ${error.message}`, {
        cause: error,
      });
    }
    return { world: undefined, problem: error.message };
  }
}

/** Starts from the snapshot before, and tells in what the later one differs from the state. */
async function startEarlier(
  factory: ShardWorldFactory,
  failed: { snapshot: RecoveredSnapshot; world: ShardWorld | undefined; problem: string },
  options: RestoreOptions,
): Promise<ShardWorld> {
  const { log, databasePath, recover } = options;
  const { tick } = failed.snapshot;
  const database = databasePath;
  log.warning(`the snapshot of tick ${tick} is not the state that was: ${failed.problem}`, {
    database,
  });
  const recovery = await recover({ snapshotBefore: tick });
  for (const warning of recovery.warnings) log.warning(warning, { database });
  const { snapshot } = recovery;
  if (snapshot === undefined) throw new Error(`cannot restore world from ${database}: no snapshot`);
  const start = restoreSnapshot(factory, snapshot, options);
  if (start.problem !== undefined) {
    return await startEarlier(factory, { snapshot, ...start }, options);
  }
  log.warning(`the shard starts from the snapshot of tick ${snapshot.tick}`, { database });
  const passing = (world: ShardWorld) => {
    if (world.tick !== tick || failed.world === undefined) return;
    const difference = findDifference(failed.world.snapshot(), world.snapshot());
    if (difference !== undefined) log.warning(`in the snapshot of tick ${tick}: ${difference}`);
  };
  return replay(start.world, recovery, { databasePath, passing });
}

/** Steps through the journal; throws when the world does not become what it was. */
function replay(
  world: ShardWorld,
  recovery: Recovery,
  options: { databasePath: string; passing?: (world: ShardWorld) => void },
): ShardWorld {
  let lastEqual = world.tick;
  for (const { tick, inputs, stateHash } of recovery.journal) {
    world.replay(inputs);
    options.passing?.(world);
    if (stateHash === undefined) continue;
    if (world.hash() !== stateHash) {
      throw new Error(
        `cannot restore world from ${options.databasePath}: after tick ${tick} its state is not ` +
          `what it was (hash ${world.hash()}, the journal has ${stateHash}; up to tick ` +
          `${lastEqual} it is). The rules are not those that wrote the journal: start the ` +
          "version of Tessera that did, stop it in order, and update then",
      );
    }
    lastEqual = tick;
  }
  return world;
}
