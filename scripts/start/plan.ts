// Which processes `bun start` runs, and with which settings.
import { join } from "node:path";
import type { RegionFile } from "#shared/infra/region-file.ts";
import { ConfigurationError, type Environment, readSettings } from "#shared/infra/settings.ts";
import { SHARD_ENGINE } from "#shared/infra/shard-engine.ts";
import type { ProcessPlan } from "#shared/infra/supervision/supervised-process.ts";
import { ROOT } from "../bootstrap.ts";

export interface StartPlan {
  readonly server: ProcessPlan;
  /** The shards, for a server at `serverUrl`. */
  shards(serverUrl: string): ProcessPlan[];
  /** The bots, or undefined when none are wanted. */
  bots(serverUrl: string): ProcessPlan | undefined;
  readonly botCount: number;
  readonly data: string;
  /** What was decided for the user, to be told. */
  readonly notes: readonly string[];
}

/** For the shards: go on with this data folder's worlds, whichever they were before. */
const TAKE_OVER = "--take-over";
const INHERITED_CONNECTIONS = "TESSERA_CONNECTIONS_PER_IP";

/** Plans all processes for the regions; throws ConfigurationError on a wrong flag or setting. */
export function planStart(
  regions: readonly RegionFile[],
  { flags, environment }: { flags: readonly string[]; environment: Environment },
): StartPlan {
  const unknown = flags.find((flag) => flag !== TAKE_OVER);
  if (unknown !== undefined) {
    throw new ConfigurationError(
      `cannot start with ${unknown}: there is no such flag; usage: bun start [${TAKE_OVER}]`,
    );
  }
  const settings = readSettings(
    ["TESSERA_DATA", "TESSERA_BOTS", "TESSERA_CONNECTIONS_PER_IP", "TESSERA_SHARD_PORT"],
    environment,
  );
  const botCount = settings.TESSERA_BOTS;
  const notes: string[] = [];
  const shardEnvironment: Record<string, string | undefined> = { ...environment };
  if (!environment[INHERITED_CONNECTIONS] && botCount > 0) {
    // The bots share this machine's one address with its user.
    const raised = settings.TESSERA_CONNECTIONS_PER_IP + botCount;
    shardEnvironment[INHERITED_CONNECTIONS] = String(raised);
    notes.push(`${INHERITED_CONNECTIONS} is ${raised} here, so that ${botCount} bots fit in`);
  }
  return {
    data: settings.TESSERA_DATA,
    botCount,
    notes,
    server: {
      name: "server",
      parameters: [join(ROOT, "server/main.ts")],
      environment,
      pin: (port) => ({ TESSERA_PORT: port }),
    },
    shards: (serverUrl) =>
      listShards(regions).map((shard, index) => ({
        name: shard.name,
        parameters: [join(ROOT, "shards/main.ts"), ...shard.flags],
        parametersOnce: flags,
        environment: {
          ...SHARD_ENGINE,
          ...shardEnvironment,
          TESSERA_SERVER_URL: serverUrl,
          TESSERA_SHARD_PORT: addPort(settings.TESSERA_SHARD_PORT, index),
        },
        pin: (port) => ({ TESSERA_SHARD_PORT: port }),
      })),
    bots: (serverUrl) =>
      botCount === 0
        ? undefined
        : {
            name: "bots",
            parameters: [join(ROOT, "client/bots/main.ts")],
            environment: { ...environment, TESSERA_SERVER_URL: serverUrl },
          },
  };
}

/** Ports count up from the first; 0 stays "any free one". */
function addPort(first: number, index: number): string {
  return String(first === 0 ? 0 : first + index);
}

function listShards(regions: readonly RegionFile[]) {
  return regions.flatMap(({ region, worlds }) =>
    worlds.flatMap(({ world, instances }) =>
      Array.from({ length: instances }, (_, index) => {
        const instance = String(index + 1);
        const flags = ["--region", region, "--world", world, "--instance", instance];
        return { name: `shard ${world}:${instance}:${region}`, flags };
      }),
    ),
  );
}
