/** The files `regions/*.yaml`: which region runs which worlds. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { RegionId } from "#shared/model/ids.ts";
import { KnownWorldId } from "#shared/model/worlds.ts";
import { nearest } from "./nearest.ts";
import {
  ConfigurationError,
  type Environment,
  readSettings,
  STREAM_ALLOWED,
  STREAM_NAME,
} from "./settings.ts";

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
  /** Names the stream on the broker; the same in all regions. */
  stream: z.string("must be a text").regex(STREAM_NAME, `must be ${STREAM_ALLOWED}`).optional(),
  /** How long batches are kept for a region that is away, and taken by this one. */
  retentionHours: wholeNumber(1, 720),
});
export type RegionSyncFile = z.infer<typeof RegionSyncFile>;

const RegionWorld = z
  .strictObject({
    world: KnownWorldId,
    instances: z.int("must be a whole number").min(1).max(9999).default(1),
    /** Of a new land of blocks, unless TESSERA_BLOCKS_SPAWN says otherwise. */
    spawnBlocks: wholeNumber(1, 16_384),
  })
  .refine((one) => one.spawnBlocks === undefined || one.world === "blocks", {
    path: ["spawnBlocks"],
    message: "is for the world blocks alone",
  });

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
    worlds: z.array(RegionWorld),
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
  return names.sort().map((name) => readRegionFile(folder, { name, names }));
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  } catch (cause) {
    throw new ConfigurationError(`cannot read regions: ${folder} cannot be listed`, { cause });
  }
}

function readRegionFile(
  folder: string,
  { name, names }: { name: string; names: readonly string[] },
): RegionFile {
  const path = join(folder, name);
  let content: unknown;
  try {
    content = Bun.YAML.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(`cannot read region file ${path}: ${reason}`, { cause });
  }
  const parsed = RegionFile.safeParse(content);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => describeIssue(issue, content));
    throw new ConfigurationError(`cannot use region file ${path}: ${problems.join("; ")}`);
  }
  const expected = `${parsed.data.region}.yaml`;
  if (name === expected) return parsed.data;
  const fix = names.includes(expected)
    ? `, as ${expected} does; give each region one file`
    : `; name it ${expected}`;
  throw new ConfigurationError(
    `cannot use region file ${path}: it describes ${parsed.data.region}${fix}`,
  );
}

function describeIssue(issue: z.core.$ZodIssue, content: unknown): string {
  const where = issue.path.join(".") || "the file";
  if (issue.code !== "unrecognized_keys") {
    const given = issue.path.reduce(fieldOf, content);
    const isShort = ["string", "number", "boolean"].includes(typeof given);
    return `${where} ${issue.message}${isShort ? `, not ${JSON.stringify(given)}` : ""}`;
  }
  const known = Object.keys(shapeAt(issue.path));
  const told = issue.keys.map((key) => {
    const meant = nearest(key, known);
    return meant === undefined ? key : `${key} (did you mean ${meant}?)`;
  });
  return `${where} has no field ${told.join(", ")}; it may have ${known.join(", ")}`;
}

function fieldOf(value: unknown, key: PropertyKey): unknown {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return entries.find(([name]) => name === String(key))?.[1];
}

/** The fields of the object at a path into a region's file. */
function shapeAt([field]: readonly PropertyKey[]): object {
  if (field === "sync") return RegionSyncFile.shape;
  return field === "worlds" ? RegionWorld.shape : RegionFile.shape;
}
