import { join } from "node:path";
import { z } from "zod";
import { readClusterSecret } from "#shared/infra/cluster-secret.ts";
import { readRegionFiles } from "#shared/infra/region-file.ts";
import {
  ConfigurationError,
  type Environment,
  type Mode,
  readMode,
  readSettings,
} from "#shared/infra/settings.ts";
import { formatShardKey, RegionId, type ShardKey, WorldId } from "#shared/model/ids.ts";
import { worldFactories } from "./world/worlds.ts";

const REGIONS = join(import.meta.dir, "../regions");
const INSTANCE_MAX = 9_999;

/** All that a shard process is told from outside; frozen. */
export interface ShardConfig {
  readonly mode: Mode;
  readonly shardKey: ShardKey;
  readonly world: WorldId;
  readonly region: RegionId;
  readonly instance: number;
  readonly databasePath: string;
  readonly serverUrl: string;
  readonly clusterSecret: string;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string | undefined;
  /** Web origins whose pages may open game sockets: the server's own and those configured. */
  readonly allowedOrigins: readonly string[];
  readonly tickRate: number;
  readonly playersMax: number;
  readonly connectionsPerAddressMax: number;
  readonly messagesPerSecondMax: number;
  readonly logLevel: "debug" | "info" | "warning" | "error";
}

/** Reads flags and environment; throws ConfigurationError that names what is wrong. */
export function readShardConfig(flags: readonly string[], environment: Environment): ShardConfig {
  const { world, region, instance } = readFlags(flags);
  const mode = readMode(environment);
  const settings = readSettings(
    [
      "TESSERA_DATA",
      "TESSERA_HOST",
      "TESSERA_SERVER_URL",
      "TESSERA_PUBLIC_URL",
      "TESSERA_CLUSTER_SECRET",
      "TESSERA_ALLOWED_ORIGINS",
      "TESSERA_SHARD_PORT",
      "TESSERA_SHARD_PUBLIC_URL",
      "TESSERA_TICK_RATE",
      "TESSERA_MAX_PLAYERS",
      "TESSERA_CONNECTIONS_PER_IP",
      "TESSERA_MESSAGES_PER_SECOND",
      "TESSERA_LOG_LEVEL",
      "TESSERA_BUS",
    ],
    environment,
  );
  const data = settings.TESSERA_DATA;
  const shardKey = formatShardKey(world, instance, region);
  return Object.freeze({
    mode,
    shardKey,
    world,
    region,
    instance,
    databasePath: join(data, "shards", `${shardKey.replaceAll(":", "-")}.db`),
    serverUrl: settings.TESSERA_SERVER_URL,
    clusterSecret: readClusterSecret({
      data,
      configured: settings.TESSERA_CLUSTER_SECRET,
      mode,
    }),
    host: settings.TESSERA_HOST,
    port: settings.TESSERA_SHARD_PORT,
    publicUrl: settings.TESSERA_SHARD_PUBLIC_URL,
    allowedOrigins: [
      ...(settings.TESSERA_ALLOWED_ORIGINS ?? []),
      new URL(settings.TESSERA_PUBLIC_URL ?? settings.TESSERA_SERVER_URL).origin,
    ],
    tickRate: settings.TESSERA_TICK_RATE,
    playersMax: settings.TESSERA_MAX_PLAYERS,
    connectionsPerAddressMax: settings.TESSERA_CONNECTIONS_PER_IP,
    messagesPerSecondMax: settings.TESSERA_MESSAGES_PER_SECOND,
    logLevel: settings.TESSERA_LOG_LEVEL,
  });
}

const Flags = z.strictObject({
  "--world": WorldId,
  "--region": RegionId,
  "--instance": z.coerce
    .number()
    .int()
    .min(1)
    .max(INSTANCE_MAX, `must be a whole number from 1 to ${INSTANCE_MAX}`)
    .default(1),
});

function readFlags(flags: readonly string[]) {
  const given: Record<string, string | undefined> = {};
  for (let index = 0; index < flags.length; index += 2)
    given[flags[index] ?? ""] = flags[index + 1];
  const parsed = Flags.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path: [flag], message }) => {
      if (flag === undefined) return message;
      return `${String(flag)} ${given[String(flag)] === undefined ? "is missing" : message}`;
    });
    throw new ConfigurationError(
      `cannot start shard: ${problems.join("; ")}; usage: bun run shard --region eu-west-1 ` +
        "--world arena [--instance 1]",
    );
  }
  const world = parsed.data["--world"];
  const region = parsed.data["--region"];
  assertKnown("world", world, Object.keys(worldFactories));
  assertKnown(
    "region",
    region,
    readRegionFiles(REGIONS).map((file) => file.region),
  );
  return { world, region, instance: parsed.data["--instance"] };
}

function assertKnown(what: string, value: string, known: readonly string[]): void {
  if (known.includes(value)) return;
  throw new ConfigurationError(
    `cannot start shard: there is no ${what} ${value}; known is ${known.join(", ")}`,
  );
}
