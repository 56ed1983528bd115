// `bun run shard … --at-tick 900 --read-only`: the world as it was after a tick. It works on a copy
// of the database's files, so nothing of the shard is written, locked or slowed down; a shard that
// is running is not disturbed.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyDatabaseFiles } from "#shared/infra/db/copy-files.ts";
import { shardDatabasePath } from "#shared/infra/db/data-folder.ts";
import { findDatabaseUser } from "#shared/infra/db/look-at-database.ts";
import { createLog } from "#shared/infra/log.ts";
import { ConfigurationError, type Environment, readSettings } from "#shared/infra/settings.ts";
import { formatShardKey } from "#shared/model/ids.ts";
import { systemClock } from "#shared/time/clock.ts";
import { readShardFlags } from "./flags.ts";
import { ShardStore } from "./persistence/shard-store.ts";
import { restoreWorld } from "./restore-world.ts";
import { worldFactories } from "./world/worlds.ts";

/** What a shard was after a tick. */
interface PastTick {
  readonly shard: string;
  readonly database: string;
  readonly tick: number;
  /** Last committed tick when the database was copied. */
  readonly committedTick: number;
  readonly stateHash: string;
  readonly population: number;
  readonly players: readonly Readonly<Record<string, string | number>>[];
}

/** The text to print; throws when the tick is not held or the database not whole. */
export async function describePastTick(
  flags: readonly string[],
  environment: Environment,
): Promise<string> {
  const { world, instance, region, pastTick } = readShardFlags(flags, environment);
  if (pastTick === undefined) throw new Error("cannot show a past tick: none is asked for");
  const settings = readSettings(
    ["TESSERA_DATA", "TESSERA_TICK_RATE", "TESSERA_MAX_PLAYERS"],
    environment,
  );
  const shardKey = formatShardKey(world, instance, region);
  const path = shardDatabasePath(settings.TESSERA_DATA, shardKey);
  if (!existsSync(path)) {
    throw new ConfigurationError(
      `cannot show tick ${pastTick.tick} of ${shardKey}: there is no database ${path}; check ` +
        "TESSERA_DATA, --region, --world and --instance",
    );
  }
  const user = findDatabaseUser(path);
  const { TESSERA_TICK_RATE: tickRate, TESSERA_MAX_PLAYERS: capacity } = settings;
  const { tick } = pastTick;
  const past = await readCopy({ shardKey, world, path, tickRate, capacity, tick });
  return pastTick.json ? `${JSON.stringify(past, undefined, 2)}\n` : render(past, user);
}

interface Wanted {
  readonly shardKey: string;
  readonly world: string;
  readonly path: string;
  readonly tickRate: number;
  readonly capacity: number;
  readonly tick: number;
}

async function readCopy(wanted: Wanted): Promise<PastTick> {
  const { path } = wanted;
  const folder = mkdtempSync(join(tmpdir(), "tessera-past-"));
  const copy = join(folder, "shard.db");
  try {
    copyDatabaseFiles(path, copy);
    return await restore(wanted, copy);
  } catch (error) {
    // People know the database, not its copy.
    if (error instanceof Error) error.message = error.message.replaceAll(copy, path);
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function restore(wanted: Wanted, copy: string): Promise<PastTick> {
  const { shardKey, world: worldId, path, tick, tickRate, capacity } = wanted;
  const identity = { path: copy, shardKey, world: worldId, tickRate };
  const store = await ShardStore.open({ ...identity, clock: systemClock, makeId: () => "copy" });
  try {
    const recovery = await store.recover({ atTick: tick });
    const factory = worldFactories[worldId];
    if (factory === undefined) throw new Error(`cannot show tick ${tick}: no world ${worldId}`);
    const world = await restoreWorld(factory, recovery, {
      tickRate,
      seed: 0,
      capacity,
      log: createLog({ process: "shard", level: "warning", write: (line) => console.error(line) }),
      databasePath: path,
      recover: (request) => store.recover({ ...request, atTick: tick }),
    });
    return {
      shard: shardKey,
      database: path,
      tick: world.tick,
      committedTick: recovery.database.tick,
      stateHash: world.hash(),
      population: world.population,
      players: world.describePlayers(),
    };
  } finally {
    await store.close();
  }
}

function render(past: PastTick, user: number | undefined): string {
  const lines = [
    `shard       ${past.shard}`,
    `database    ${past.database}, a copy of it; nothing was written`,
    `tick        ${past.tick} of ${past.committedTick}`,
    `state hash  ${past.stateHash}`,
    `population  ${past.population}`,
  ];
  if (user !== undefined) {
    lines.push(`in use      by process ${user}, which goes on: it is ahead of this by now`);
  }
  if (past.players.length > 0) lines.push("", Bun.inspect.table([...past.players]).trimEnd());
  return `${lines.join("\n")}\n`;
}
