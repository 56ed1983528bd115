// Copies of all databases of a data folder into a folder of their own, while everything runs.
import { existsSync, mkdirSync, renameSync, rmSync, statfsSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { readClusterSecret } from "#shared/infra/cluster-secret.ts";
import { type DatabaseFile, listDatabaseFiles, nameOfShard } from "#shared/infra/db/data-folder.ts";
import {
  ConfigurationError,
  type Environment,
  readMode,
  readSettings,
} from "#shared/infra/settings.ts";
import type { Clock } from "#shared/time/clock.ts";
import { version } from "../../package.json";
import { backUpDatabase } from "./backup-database.ts";
import { type Flags, readFlags } from "./flags.ts";
import { type BackedUpDatabase, type Manifest, writeManifest } from "./manifest.ts";
import { askShardKey, listShards, type Owner } from "./owner.ts";
import { syncFolder } from "./sync-folder.ts";

const USAGE = `usage: bun run backup [--to FOLDER] [--server-url URL] [--shard URL …]
  --to FOLDER       where the backup gets a folder of its own (backups in TESSERA_DATA)
  --server-url URL  the running server (TESSERA_SERVER_URL)
  --shard URL       a shard that the server does not know, http://HOST:PORT; may come again`;

/** What must stay free on the disk when the copies are made. */
const SPARE_BYTES = 64 * 1024 * 1024;

export interface Surroundings {
  readonly environment: Environment;
  readonly clock: Clock;
  /** Tells people how it goes, a line at a time. */
  readonly say: (line: string) => void;
}

/** Makes a backup; false when a database is missing in it. */
export async function makeBackup(
  given: readonly string[],
  surroundings: Surroundings,
): Promise<boolean> {
  const { environment, clock, say } = surroundings;
  const flags = readFlags(given, {
    does: "back up",
    usage: USAGE,
    withValue: ["--to", "--server-url", "--shard"],
  });
  const { TESSERA_DATA: data } = readSettings(["TESSERA_DATA"], environment);
  const databases = listDatabaseFiles(data);
  if (databases.length === 0) {
    throw new ConfigurationError(
      `cannot back up: ${data} holds no database; set TESSERA_DATA to the folder that does`,
    );
  }
  const madeAt = new Date(clock.wallMs()).toISOString();
  const backups = flags.one("--to") ?? join(data, "backups");
  const folder = join(backups, madeAt.replaceAll(/[:.]/g, "-"));
  const draft = prepareFolder(folder, databases);
  const findOwner = createOwnerSearch(flags, { data, environment });
  const done: BackedUpDatabase[] = [];
  const missing: Manifest["missing"] = [];
  for (const database of databases) {
    const startMs = clock.monotonicMs();
    const file = relative(data, database.path).replaceAll("\\", "/");
    const to = join(draft, file);
    try {
      const task = { database, to, file, clock, findOwner: () => findOwner(database) };
      const { entry, owner } = await backUpDatabase(task);
      done.push(entry);
      const seconds = (clock.monotonicMs() - startMs) / 1000;
      say(`${describeEntry(entry)}, ${owner?.url ?? "stopped"}, ${seconds.toFixed(1)} s`);
      for (const warning of entry.warnings) say(`  ${warning}`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      rmSync(to, { force: true });
      missing.push({ name: database.name, reason });
      say(`${database.name} is missing: ${reason}`);
    }
  }
  return finish({ folder, draft, say }, { format: 1, version, madeAt, databases: done, missing });
}

function finish(
  { folder, draft, say }: { folder: string; draft: string; say: (line: string) => void },
  manifest: Manifest,
): boolean {
  const { databases, missing } = manifest;
  if (databases.length === 0) {
    rmSync(draft, { recursive: true });
    throw new Error("cannot back up: no database could be copied, see above");
  }
  writeManifest(draft, manifest);
  for (const part of [join(draft, "shards"), draft]) if (existsSync(part)) syncFolder(part);
  renameSync(draft, folder);
  syncFolder(dirname(folder));
  if (missing.length === 0) {
    say(`backup of ${databases.length} databases, each checked: ${folder}`);
    return true;
  }
  const names = missing.map(({ name }) => name).join(", ");
  say(`backup of ${databases.length} databases, ${missing.length} MISSING (${names}): ${folder}`);
  return false;
}

/** A folder that only its owner may read; it gets its name once it is whole. */
function prepareFolder(folder: string, databases: readonly DatabaseFile[]): string {
  const draft = `${folder}.unfinished`;
  try {
    if (existsSync(folder)) throw new Error("there is one already");
    mkdirSync(join(draft, "shards"), { recursive: true, mode: 0o700 });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`cannot back up to ${folder}: ${reason}; choose another place with --to`, {
      cause,
    });
  }
  const needed = databases.reduce((sum, { path }) => sum + sizeWithWal(path), SPARE_BYTES);
  const { bavail, bsize } = statfsSync(draft);
  if (bavail * bsize >= needed) return draft;
  rmSync(draft, { recursive: true });
  throw new Error(
    `cannot back up to ${folder}: it takes ${megabytes(needed)}, and only ` +
      `${megabytes(bavail * bsize)} are free; make room or choose another place with --to`,
  );
}

function sizeWithWal(path: string): number {
  const size = (file: string) => (existsSync(file) ? statSync(file).size : 0);
  return size(path) + size(`${path}-wal`);
}

/** Who has which database open; asks each process once. */
function createOwnerSearch(
  flags: Flags,
  { data, environment }: { data: string; environment: Environment },
): (database: DatabaseFile) => Promise<Owner> {
  let found: Promise<Owners> | undefined;

  return async ({ kind, name, path }) => {
    // The secret is not asked for, or made, as long as nothing runs.
    found ??= findOwners(readServer(flags, { data, environment }), flags.all("--shard"));
    const { server, shards } = await found;
    const owner = kind === "control" ? server : shards.get(name);
    if (owner !== undefined) return owner;
    throw new Error(
      `cannot back up ${path}: a process has it open that the server at ${server.url} does not ` +
        "know; name it with --shard http://HOST:PORT, or the server with --server-url",
    );
  };
}

interface Owners {
  readonly server: Owner;
  /** By the names of their databases. */
  readonly shards: ReadonlyMap<string, Owner>;
}

async function findOwners(server: Owner, shardUrls: readonly string[]): Promise<Owners> {
  const shards = new Map<string, Owner>();
  // Without the server there are still the shards that were named.
  const known = await listShards(server).catch(() => new Map<string, string>());
  for (const [key, url] of known) shards.set(nameOfShard(key), { ...server, url });
  for (const url of shardUrls) {
    const owner = { ...server, url };
    shards.set(nameOfShard(await askShardKey(owner)), owner);
  }
  return { server, shards };
}

function readServer(
  flags: Flags,
  { data, environment }: { data: string; environment: Environment },
): Owner {
  const settings = readSettings(["TESSERA_SERVER_URL", "TESSERA_CLUSTER_SECRET"], environment);
  return {
    url: flags.one("--server-url") ?? settings.TESSERA_SERVER_URL,
    clusterSecret: readClusterSecret({
      data,
      configured: settings.TESSERA_CLUSTER_SECRET,
      mode: readMode(environment),
    }),
  };
}

function describeEntry({ name, bytes, shard }: BackedUpDatabase): string {
  const tick = shard === undefined ? "" : `, tick ${shard.tick}`;
  return `${name}: ${megabytes(bytes)}${tick}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
