/** The files `regions/*.yaml`: which region runs which worlds. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { RegionId } from "#shared/model/ids.ts";
import { KnownWorldId } from "#shared/model/worlds.ts";
import { ConfigurationError, type Environment, readSettings } from "./settings.ts";

const FOLDER = join(import.meta.dir, "../../regions");

const wholeNumber = (min: number, max: number) =>
  z.int("must be a whole number").min(min).max(max).optional();

/** How changes of mirrored worlds go to the other regions; each has a setting that goes before. */
export const RegionSyncFile = z.strictObject({
  /** Changes in a batch. */
  batchCount: wholeNumber(1, 5_000),
  /** Longest that a change waits for others to come along. */
  flushMs: wholeNumber(0, 60_000),
  compression: z.enum(["none", "zstd", "gzip"], "must be one of none, zstd, gzip").optional(),
  /** How long batches are kept for a region that is away. */
  retentionHours: wholeNumber(1, 720),
});
export type RegionSyncFile = z.infer<typeof RegionSyncFile>;

export const RegionFile = z
  .strictObject({
    region: RegionId,
    title: z.string("must be a text").min(1, "must not be empty").max(80),
    /** Unless TESSERA_BUS says otherwise. */
    bus: z
      .string("must be a text")
      .regex(
        /^(local:$|(rediss?|nats|tls):\/\/[^/])/,
        "must be local: or a redis:// or nats:// URL",
      )
      .optional(),
    sync: RegionSyncFile.optional(),
    worlds: z.array(
      z
        .strictObject({
          world: KnownWorldId,
          instances: z.int("must be a whole number").min(1).max(9999).default(1),
          /** Of a new land of blocks, unless TESSERA_BLOCKS_SPAWN says otherwise. */
          spawnBlocks: wholeNumber(1, 16_384),
        })
        .refine((one) => one.spawnBlocks === undefined || one.world === "blocks", {
          path: ["spawnBlocks"],
          message: "is for the world blocks alone",
        }),
    ),
  })
  .refine((file) => new Set(file.worlds.map((one) => one.world)).size === file.worlds.length, {
    path: ["worlds"],
    message: "must name each world once",
  });
export type RegionFile = z.infer<typeof RegionFile>;

/** Where a process finds the region files; throws ConfigurationError. */
export function regionFolderOf(environment: Environment): string {
  return readSettings(["TESSERA_REGIONS"], environment).TESSERA_REGIONS ?? FOLDER;
}

/** All regions of the folder, by id; throws ConfigurationError that names file and field. */
export function readRegionFiles(folder: string): RegionFile[] {
  const names = listFiles(folder);
  if (names.length === 0) {
    throw new ConfigurationError(
      `cannot read regions: ${folder} holds no .yaml file; add one such as eu-west-1.yaml`,
    );
  }
  return names.sort().map((name) => readRegionFile(join(folder, name), name));
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  } catch (cause) {
    throw new ConfigurationError(`cannot read regions: ${folder} cannot be listed`, { cause });
  }
}

function readRegionFile(path: string, name: string): RegionFile {
  let content: unknown;
  try {
    content = Bun.YAML.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(`cannot read region file ${path}: ${reason}`, { cause });
  }
  const parsed = RegionFile.safeParse(content);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => {
      const where = issue.path.join(".") || "the file";
      if (issue.code !== "unrecognized_keys") return `${where} ${issue.message}`;
      return `${where} has no field ${issue.keys.join(", ")}`;
    });
    throw new ConfigurationError(`cannot use region file ${path}: ${problems.join("; ")}`);
  }
  const expected = `${parsed.data.region}.yaml`;
  if (name === expected) return parsed.data;
  throw new ConfigurationError(
    `cannot use region file ${path}: it describes ${parsed.data.region}; name it ${expected}`,
  );
}
