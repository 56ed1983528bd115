import { availableParallelism } from "node:os";
import { readClusterSecret } from "#shared/infra/cluster-secret.ts";
import { nameOfShard, shardDatabasePath } from "#shared/infra/db/data-folder.ts";
import { regionFolderOf } from "#shared/infra/region-file.ts";
import {
  ConfigurationError,
  type Environment,
  type Mode,
  readMode,
  readSettings,
} from "#shared/infra/settings.ts";
import { formatShardKey, type RegionId, type ShardKey, type WorldId } from "#shared/model/ids.ts";
import { readShardFlags } from "./flags.ts";
import { GATEWAYS_MAX } from "./loop/connection-id.ts";
import type { ShipPlace } from "./replication/ship-status.ts";

/** All that a shard process is told from outside; frozen. */
export interface ShardConfig {
  readonly mode: Mode;
  readonly shardKey: ShardKey;
  readonly world: WorldId;
  readonly region: RegionId;
  readonly instance: number;
  /** Where the region files are. */
  readonly regionFolder: string;
  /** Go on with this database in the place of the one in which the world was. */
  readonly takeOver: boolean;
  readonly databasePath: string;
  /** Where the database is shipped to. */
  readonly ship: ShipPlace | undefined;
  /** The replica that is followed until the shard can be taken over; undefined: serve now. */
  readonly standby: ShipPlace | undefined;
  /** As TESSERA_BUS says; the region's file may say otherwise where that is not set. */
  readonly bus: string;
  readonly serverUrl: string;
  readonly clusterSecret: string;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string | undefined;
  /** Web origins whose pages may open game sockets: the server's own and those configured. */
  readonly allowedOrigins: readonly string[];
  readonly tickRate: number;
  /** Threads that own game sockets; 0: the loop's. */
  readonly gateways: number;
  /** Of a new arena: units on a side of the world and of a cell. */
  readonly arenaSide: number;
  readonly arenaCell: number;
  /** Of a new land of blocks: how far from its middle players come to be, unless as usual. */
  readonly spawnBlocks: number | undefined;
  readonly playersMax: number;
  readonly connectionsPerAddressMax: number;
  readonly messagesPerSecondMax: number;
  /** How `/ws` speaks; undefined when it is off. */
  readonly legacyForm: "events" | "delta" | undefined;
  readonly logLevel: "debug" | "info" | "warning" | "error";
}

const SETTINGS = [
  "TESSERA_DATA",
  "TESSERA_HOST",
  "TESSERA_SERVER_URL",
  "TESSERA_PUBLIC_URL",
  "TESSERA_CLUSTER_SECRET",
  "TESSERA_ALLOWED_ORIGINS",
  "TESSERA_SHARD_PORT",
  "TESSERA_SHARD_PUBLIC_URL",
  "TESSERA_TICK_RATE",
  "TESSERA_GATEWAYS",
  "TESSERA_ARENA_SIDE",
  "TESSERA_ARENA_CELL",
  "TESSERA_BLOCKS_SPAWN",
  "TESSERA_MAX_PLAYERS",
  "TESSERA_CONNECTIONS_PER_IP",
  "TESSERA_MESSAGES_PER_SECOND",
  "TESSERA_LEGACY_WIRE",
  "TESSERA_LIBSQL_URL",
  "TESSERA_LIBSQL_TOKEN",
  "TESSERA_STANDBY_URL",
  "TESSERA_STANDBY_TOKEN",
  "TESSERA_LOG_LEVEL",
  "TESSERA_BUS",
] as const;

/** Reads flags and environment; throws ConfigurationError that names what is wrong. */
export function readShardConfig(flags: readonly string[], environment: Environment): ShardConfig {
  const parsed = readShardFlags(flags, environment);
  const { world, region, instance, takeOver, standby, spawnBlocks } = parsed;
  const mode = readMode(environment);
  const settings = readSettings(SETTINGS, environment);
  const data = settings.TESSERA_DATA;
  const shardKey = formatShardKey(world, instance, region);
  const shard = { shardKey, instance };
  const replica = placeOf(settings.TESSERA_STANDBY_URL, settings.TESSERA_STANDBY_TOKEN, shard);
  return Object.freeze({
    mode,
    shardKey,
    world,
    region,
    instance,
    regionFolder: regionFolderOf(environment),
    takeOver,
    databasePath: shardDatabasePath(data, shardKey),
    ship: placeOf(settings.TESSERA_LIBSQL_URL, settings.TESSERA_LIBSQL_TOKEN, shard),
    standby: standby ? assertPlace(replica) : undefined,
    bus: settings.TESSERA_BUS,
    serverUrl: settings.TESSERA_SERVER_URL,
    clusterSecret: readClusterSecret({
      data,
      configured: settings.TESSERA_CLUSTER_SECRET,
      mode,
    }),
    host: settings.TESSERA_HOST,
    port: settings.TESSERA_SHARD_PORT,
    publicUrl: settings.TESSERA_SHARD_PUBLIC_URL?.replaceAll("{instance}", String(instance)),
    allowedOrigins: [
      ...(settings.TESSERA_ALLOWED_ORIGINS ?? []),
      new URL(settings.TESSERA_PUBLIC_URL ?? settings.TESSERA_SERVER_URL).origin,
    ],
    tickRate: settings.TESSERA_TICK_RATE,
    gateways: settings.TESSERA_GATEWAYS ?? defaultGateways(),
    arenaSide: settings.TESSERA_ARENA_SIDE,
    arenaCell: settings.TESSERA_ARENA_CELL,
    spawnBlocks: settings.TESSERA_BLOCKS_SPAWN ?? spawnBlocks,
    playersMax: settings.TESSERA_MAX_PLAYERS,
    connectionsPerAddressMax: settings.TESSERA_CONNECTIONS_PER_IP,
    messagesPerSecondMax: settings.TESSERA_MESSAGES_PER_SECOND,
    legacyForm: legacyFormOf(settings.TESSERA_LEGACY_WIRE, mode),
    logLevel: settings.TESSERA_LOG_LEVEL,
  });
}

/** An address of this shard's own, out of one that may stand for all. */
function placeOf(
  url: string | undefined,
  token: string | undefined,
  { shardKey, instance }: { shardKey: ShardKey; instance: number },
): ShipPlace | undefined {
  if (url === undefined) return undefined;
  const own = url
    .replaceAll("{shard}", nameOfShard(shardKey))
    .replaceAll("{instance}", String(instance));
  return { url: own, token };
}

function assertPlace(place: ShipPlace | undefined): ShipPlace {
  if (place !== undefined) return place;
  throw new ConfigurationError(
    "cannot start standby: TESSERA_STANDBY_URL is not set; set it to a replica of the shard's " +
      "database, such as the one that `bun run services` starts",
  );
}

/**
 * Gateways for a shard that has so many cores, of which one is the loop's. Only Linux spreads the
 * connections of a port over several threads.
 */
export function defaultGateways(cores = availableParallelism()): number {
  const spare = process.platform === "linux" ? cores - 1 : 1;
  return Math.min(GATEWAYS_MAX, Math.max(1, spare));
}

/** On by itself in development only: whoever opens `/ws` plays without an account. */
function legacyFormOf(
  setting: "off" | "events" | "delta" | undefined,
  mode: Mode,
): ShardConfig["legacyForm"] {
  const wire = setting ?? (mode === "development" ? "events" : "off");
  return wire === "off" ? undefined : wire;
}
