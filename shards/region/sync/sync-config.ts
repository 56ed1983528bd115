import { Buffer } from "node:buffer";
import type { RegionFile } from "#shared/infra/region-file.ts";
import { ConfigurationError, type Environment, readSettings } from "#shared/infra/settings.ts";
import { deriveRegionKeys, type RegionKeys } from "./region-keys.ts";
import type { SyncSettings } from "./region-sync.ts";

/** A batch's bytes before it is compressed; a message on the bus has 512 KiB at most. */
const BATCH_BYTES = 256 * 1024;
const KEY_LENGTH_MIN = 32;
/** Taken off the bus at once; the world takes them in as many ticks as it needs. */
const CELLS_AT_ONCE = 4_000;
const HOUR_MS = 3_600_000;

/** What region sync is told from outside. */
export interface SyncConfig {
  readonly settings: SyncSettings;
  /** Of the regions that take part, of which some may come and go. */
  readonly keys: RegionKeys;
}

/** One that learns of other regions while it is in use. */
export interface LearningSyncConfig extends SyncConfig {
  /** Takes in the regions that the files name now, unless their keys were given. */
  follow(files: readonly RegionFile[]): void;
}

export interface SyncSources {
  readonly region: string;
  readonly world: string;
  readonly files: readonly RegionFile[];
  readonly environment: Environment;
  readonly clusterSecret: string;
}

/** The environment before the region's file, before the defaults; throws ConfigurationError. */
export function readSyncConfig(sources: SyncSources): LearningSyncConfig {
  const { region, files, environment } = sources;
  const settings = readSettings(
    [
      "TESSERA_SYNC_BATCH_COUNT",
      "TESSERA_SYNC_FLUSH_MS",
      "TESSERA_SYNC_COMPRESSION",
      "TESSERA_SYNC_RETENTION_HOURS",
      "TESSERA_REGION_KEYS",
    ],
    environment,
  );
  const file = files.find((each) => each.region === region)?.sync ?? {};
  const hours = settings.TESSERA_SYNC_RETENTION_HOURS ?? file.retentionHours ?? 24;
  const given = settings.TESSERA_REGION_KEYS;
  const keys = new Map(given === undefined ? derivedKeys(sources) : givenKeys(region, given));
  return {
    settings: {
      batchCount: settings.TESSERA_SYNC_BATCH_COUNT ?? file.batchCount ?? 100,
      batchBytes: BATCH_BYTES,
      flushMs: settings.TESSERA_SYNC_FLUSH_MS ?? file.flushMs ?? 3_000,
      compression: settings.TESSERA_SYNC_COMPRESSION ?? file.compression ?? "zstd",
      retentionMs: hours * HOUR_MS,
      cellsAtOnce: CELLS_AT_ONCE,
    },
    keys,
    follow(filesNow) {
      if (given !== undefined) return;
      const keysNow = derivedKeys({ ...sources, files: filesNow });
      for (const name of [...keys.keys()]) if (!keysNow.has(name)) keys.delete(name);
      for (const [name, key] of keysNow) keys.set(name, key);
    },
  };
}

function givenKeys(region: string, given: string): RegionKeys {
  const keys = parseKeys(given);
  if (keys.has(region)) return keys;
  throw new ConfigurationError(
    `cannot sync region ${region}: TESSERA_REGION_KEYS has no key for it; add ${region}=KEY`,
  );
}

function derivedKeys({ region, world, files, clusterSecret }: SyncSources): RegionKeys {
  const regions = files
    .filter(({ worlds }) => worlds.some((each) => each.world === world))
    .map((each) => each.region);
  return deriveRegionKeys(clusterSecret, new Set([region, ...regions]));
}

function parseKeys(text: string): RegionKeys {
  const keys = new Map<string, Uint8Array>();
  for (const part of text.split(",")) {
    const [, name, key] = /^\s*([a-z][a-z0-9-]{0,31})=(\S+)\s*$/.exec(part) ?? [];
    if (name === undefined || key === undefined) {
      throw new ConfigurationError(
        "cannot read TESSERA_REGION_KEYS: write it as eu-west-1=KEY,us-east-1=KEY",
      );
    }
    if (keys.has(name)) {
      throw new ConfigurationError(`cannot read TESSERA_REGION_KEYS: ${name} is there twice`);
    }
    if (key.length < KEY_LENGTH_MIN) {
      throw new ConfigurationError(
        `cannot use the key of ${name} in TESSERA_REGION_KEYS: it has ${key.length} characters; ` +
          `take ${KEY_LENGTH_MIN} or more`,
      );
    }
    keys.set(name, Buffer.from(key));
  }
  return keys;
}
