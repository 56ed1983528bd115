// All that is looked at. Nothing is changed: the few files that are written are removed again.
import { chooseBus, chooseStream } from "#shared/infra/bus/open-bus.ts";
import { type RegionFile, readRegionFiles, regionFolderOf } from "#shared/infra/region-file.ts";
import { type Environment, readMode, readSettings, type Settings } from "#shared/infra/settings.ts";
import type { Clock } from "#shared/time/clock.ts";
import { checkBus, checkLimits } from "./brokers.ts";
import { checkClock } from "./clock.ts";
import { checkDataFolder } from "./data-folder.ts";
import { checkDatabases } from "./databases.ts";
import { checkFileSystem, checkSpace } from "./disk.ts";
import { type Finding, reasonOf } from "./finding.ts";
import { checkFsync } from "./fsync.ts";
import { checkLibsql } from "./libsql.ts";
import { checkOpenFiles } from "./open-files.ts";
import { checkPorts } from "./ports.ts";
import { checkSecret } from "./secret.ts";

const NAMES = [
  "TESSERA_DATA",
  "TESSERA_HOST",
  "TESSERA_PORT",
  "TESSERA_SERVER_URL",
  "TESSERA_SHARD_PORT",
  "TESSERA_MAX_PLAYERS",
  "TESSERA_CLUSTER_SECRET",
  "TESSERA_BUS",
  "TESSERA_REDIS",
  "TESSERA_LIBSQL_URL",
  "TESSERA_LIBSQL_TOKEN",
  "TESSERA_STANDBY_URL",
  "TESSERA_STANDBY_TOKEN",
] as const;

/** What `bun run server` and `bun run shard` would find on this machine. */
export async function examine(environment: Environment, clock: Clock): Promise<Finding[]> {
  let read: Awaited<ReturnType<typeof readAll>>;
  try {
    read = readAll(environment);
  } catch (error) {
    // Nothing else can be looked at before these are right.
    const fix = "mend the setting; README lists all of them";
    return reasonOf(error)
      .split("\n")
      .map((text) => ({ check: "settings", status: "problem", text, fix }));
  }
  const { mode, settings, regions } = read;
  const data = settings.TESSERA_DATA;
  const found = [
    checkSecret({ data, configured: settings.TESSERA_CLUSTER_SECRET, mode }),
    ...checkDataFolder(data),
    ...(await checkDatabases(data)),
    checkSpace(data),
    checkFileSystem(data),
    ...(await checkFsync(data, clock)),
    ...(await checkPorts({
      host: settings.TESSERA_HOST,
      mode,
      serverPort: settings.TESSERA_PORT,
      shardPort: settings.TESSERA_SHARD_PORT,
      shards: listShardNames(regions).length,
    })),
    checkOpenFiles(settings.TESSERA_MAX_PLAYERS),
    ...(await checkClock(clock, settings.TESSERA_SERVER_URL)),
    ...(await checkBus(read.bus, clock, read.stream)),
    ...(await checkLimits(settings.TESSERA_REDIS)),
    ...(await checkReplicas(settings, { regions, nowMs: clock.wallMs() })),
  ];
  return found.filter((finding) => finding !== undefined);
}

function readAll(environment: Environment) {
  const settings = readSettings(NAMES, environment);
  const regions = readRegionFiles(regionFolderOf(environment));
  const bus = chooseBus(environment, settings.TESSERA_BUS, regions);
  const stream = chooseStream(environment, regions);
  return { mode: readMode(environment), settings, regions, bus, stream };
}

function listShardNames(regions: readonly RegionFile[]): { name: string; instance: string }[] {
  return regions.flatMap(({ region, worlds }) =>
    worlds.flatMap(({ world, instances }) =>
      Array.from({ length: instances }, (_, index) => {
        return { name: `${world}-${index + 1}-${region}`, instance: String(index + 1) };
      }),
    ),
  );
}

async function checkReplicas(
  settings: Settings<(typeof NAMES)[number]>,
  { regions, nowMs }: { regions: readonly RegionFile[]; nowMs: number },
): Promise<Finding[]> {
  const shards = listShardNames(regions);
  const expand = (url: string | undefined) =>
    url === undefined
      ? []
      : shards.map(({ name, instance }) =>
          url.replaceAll("{shard}", name).replaceAll("{instance}", instance),
        );
  const primary = [...new Set(expand(settings.TESSERA_LIBSQL_URL))];
  const replicas = [...new Set(expand(settings.TESSERA_STANDBY_URL))];
  const found = await Promise.all([
    checkLibsql({
      check: "libSQL server",
      setting: "TESSERA_LIBSQL",
      urls: primary,
      token: settings.TESSERA_LIBSQL_TOKEN,
      needsWrite: true,
      nowMs,
    }),
    checkLibsql({
      check: "libSQL replica",
      setting: "TESSERA_STANDBY",
      urls: replicas,
      token: settings.TESSERA_STANDBY_TOKEN,
      needsWrite: false,
      nowMs,
    }),
  ]);
  const none: Finding = {
    check: "libSQL server",
    status: "note",
    text: "none is configured: the files of this machine are all there is, besides backups",
  };
  return primary.length === 0 ? [none, ...found.flat()] : found.flat();
}
