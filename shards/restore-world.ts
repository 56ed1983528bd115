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
  const { snapshot } = recovery;
  const start = restoreSnapshot(factory, snapshot, options);
  const world =
    start.problem === undefined
      ? await goOn(factory, { ...start, snapshot, journal: recovery.journal }, options)
      : await startEarlier(factory, { snapshot, ...start }, options);
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
  const { journal } = recovery;
  return await goOn(factory, { ...start, snapshot, journal, passing }, options);
}

/** From a snapshot that is what it was to the last tick. */
async function goOn(
  factory: ShardWorldFactory,
  start: {
    world: ShardWorld;
    snapshot: RecoveredSnapshot;
    journal: Recovery["journal"];
    passing?: (world: ShardWorld) => void;
  },
  options: RestoreOptions,
): Promise<ShardWorld> {
  try {
    return replay(start.world, start.journal, start.passing);
  } catch (error) {
    if (!(error instanceof ReplayMismatch)) throw error;
    return await refuseMismatch(factory, { error, snapshot: start.snapshot }, options);
  }
}

/** Steps through the journal; throws ReplayMismatch when the world does not become what it was. */
function replay(
  world: ShardWorld,
  journal: Recovery["journal"],
  passing?: (world: ShardWorld) => void,
): ShardWorld {
  let lastEqual = world.tick;
  const lastTick = journal.at(-1)?.tick;
  for (const { tick, inputs, stateHash } of journal) {
    const isLooked = stateHash !== undefined || tick === lastTick || passing !== undefined;
    world.replay(inputs, !isLooked);
    passing?.(world);
    if (stateHash === undefined) continue;
    const hash = world.hash();
    if (hash !== stateHash) throw new ReplayMismatch({ tick, hash, stateHash, lastEqual });
    lastEqual = tick;
  }
  return world;
}

/** The first tick with a hash in the journal after which the state is another one. */
class ReplayMismatch extends Error {
  constructor(at: { tick: number; hash: string; stateHash: string; lastEqual: number }) {
    super(
      `after tick ${at.tick} its state is not what it was (hash ${at.hash}, the journal has ` +
        `${at.stateHash}; up to tick ${at.lastEqual} it is)`,
    );
  }
}

/**
 * A journal that leads elsewhere means that the rules are others. In what is told by stepping from
 * an earlier snapshot to the one at which the start began, where the same rules went wrong too.
 */
async function refuseMismatch(
  factory: ShardWorldFactory,
  { error, snapshot }: { error: ReplayMismatch; snapshot: RecoveredSnapshot },
  options: RestoreOptions,
): Promise<never> {
  const before = await compareStretch(factory, snapshot, options).catch(() => undefined);
  throw new Error(
    `cannot restore world from ${options.databasePath}: ${error.message}` +
      `${before === undefined ? "" : `; ${before}`}. The rules are not those that wrote the ` +
      "journal: start the version of Tessera that did, stop it in order, and update then",
    { cause: error },
  );
}

/** In what the way to a snapshot ends differently from it; undefined when it does not. */
async function compareStretch(
  factory: ShardWorldFactory,
  snapshot: RecoveredSnapshot,
  options: RestoreOptions,
): Promise<string | undefined> {
  const { tick } = snapshot;
  const recovery = await options.recover({ snapshotBefore: tick });
  if (recovery.snapshot === undefined) return undefined;
  const { world } = restoreSnapshot(factory, recovery.snapshot, options);
  for (const { inputs } of recovery.journal) {
    if (world === undefined || world.tick >= tick) break;
    world.replay(inputs);
  }
  const is = world === undefined ? undefined : findDifference(world.snapshot(), snapshot.state);
  if (is === undefined) return undefined;
  return `from tick ${recovery.snapshot.tick} to ${tick} it differs as well, in ${is}`;
}
