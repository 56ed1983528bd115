import { z } from "zod";
import { readRegionFiles, regionFolderOf } from "#shared/infra/region-file.ts";
import { ConfigurationError, type Environment, readSettings } from "#shared/infra/settings.ts";
import { RegionId, WorldId } from "#shared/model/ids.ts";
import { worldFactories } from "./world/worlds.ts";

const INSTANCE_MAX = 9_999;
/** Instances that one supervisor runs; a machine has fewer cores than that. */
const INSTANCES_MAX = 256;
/** Flags without a value. */
const SWITCHES = ["--take-over", "--standby", "--read-only", "--json"];
const TICK_MAX = 2 ** 32 - 1;
/** The command line of a shard in one line. */
const SHARD_USAGE =
  "usage: bun run shard --region eu-west-1 --world arena [--instance 1 | --instances 4] " +
  "[--standby] [--take-over] [--at-tick 900 --read-only [--json]]";

/** The answer to --help. */
export const SHARD_HELP = `${SHARD_USAGE}
  --region R      one of the regions in regions/, or in TESSERA_REGIONS (TESSERA_REGION)
  --world W       the world that it runs
  --instance N    which instance of the world it is (1)
  --instances N   a supervisor of instances 1 to N, a process, a port and a database for each
  --standby       follow the shard's replica, and serve when its owner is gone
  --take-over     go on with this database in the place of the one in which the world was
  --at-tick N     with --read-only: show the world as it was after that tick, and change nothing
  --json          show it for machines
Settings are TESSERA_ variables: README.md lists them; docs/OPERATIONS.md tells how to run shards.`;

/** What the command line of a shard says. */
export interface ShardFlags {
  readonly world: WorldId;
  readonly region: RegionId;
  /** As the region's file says it of the world. */
  readonly spawnBlocks: number | undefined;
  /** Which instance this process is. */
  readonly instance: number;
  /** How many this process supervises, 1 to `instances`; undefined when it is one itself. */
  readonly instances: number | undefined;
  /** Go on with this database in the place of the one in which the world was. */
  readonly takeOver: boolean;
  /** Follow the shard's replica, and serve when its owner is gone. */
  readonly standby: boolean;
  /** Only show the world as it was after this tick, for people or as JSON. */
  readonly pastTick: { readonly tick: number; readonly json: boolean } | undefined;
}

const Flags = z
  .strictObject({
    "--world": WorldId,
    "--region": RegionId,
    "--instance": wholeNumber(INSTANCE_MAX).optional(),
    "--instances": wholeNumber(INSTANCES_MAX).optional(),
    "--take-over": z.literal("").optional(),
    "--standby": z.literal("").optional(),
    "--at-tick": wholeNumber(TICK_MAX, 0).optional(),
    "--read-only": z.literal("").optional(),
    "--json": z.literal("").optional(),
  })
  .refine((flags) => (flags["--at-tick"] === undefined) === (flags["--read-only"] === undefined), {
    message:
      "--at-tick and --read-only go together: a past tick can be looked at, not played on from",
  })
  .refine((flags) => flags["--at-tick"] !== undefined || flags["--json"] === undefined, {
    message: "--json is for --at-tick",
  })
  .refine((flags) => flags["--instance"] === undefined || flags["--instances"] === undefined, {
    message:
      "--instance and --instances exclude each other: the one names an instance, the other says " +
      "how many there are",
  });

/** Reads the flags; throws ConfigurationError that names what is wrong. */
export function readShardFlags(flags: readonly string[], environment: Environment): ShardFlags {
  const given: Record<string, string | undefined> = {};
  for (let index = 0; index < flags.length; ) {
    const flag = flags[index++] ?? "";
    given[flag] = SWITCHES.includes(flag) ? "" : flags[index++];
  }
  given["--region"] ??= readSettings(["TESSERA_REGION"], environment).TESSERA_REGION;
  const parsed = Flags.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path: [flag], message }) => {
      if (flag === undefined) return message;
      return `${String(flag)} ${given[String(flag)] === undefined ? "is missing" : message}`;
    });
    throw new ConfigurationError(`cannot start shard: ${problems.join("; ")}; ${SHARD_USAGE}`);
  }
  const world = parsed.data["--world"];
  const region = parsed.data["--region"];
  assertKnown("world", world, { known: Object.keys(worldFactories) });
  const folder = regionFolderOf(environment);
  const files = readRegionFiles(folder);
  const known = files.map((file) => file.region);
  assertKnown("region", region, { known, fix: `; add ${folder}/${region}.yaml` });
  const file = files.find((one) => one.region === region);
  return {
    world,
    region,
    spawnBlocks: file?.worlds.find((one) => one.world === world)?.spawnBlocks,
    instance: parsed.data["--instance"] ?? 1,
    instances: parsed.data["--instances"],
    takeOver: parsed.data["--take-over"] !== undefined,
    standby: parsed.data["--standby"] !== undefined,
    pastTick: pastTickOf(parsed.data),
  };
}

function pastTickOf(flags: z.infer<typeof Flags>): ShardFlags["pastTick"] {
  const tick = flags["--at-tick"];
  return tick === undefined ? undefined : { tick, json: flags["--json"] !== undefined };
}

function wholeNumber(max: number, min = 1) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number(message).int(message).min(min, message).max(max, message);
}

function assertKnown(
  what: string,
  value: string,
  { known, fix = "" }: { known: readonly string[]; fix?: string },
): void {
  if (known.includes(value)) return;
  throw new ConfigurationError(
    `cannot start shard: there is no ${what} ${value}; known is ${known.join(", ")}${fix}`,
  );
}
