// What a backup consists of, in `manifest.json` beside it: written last, so that a folder without
// one is no backup.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";

const MANIFEST = "manifest.json";

/** One database of a backup. */
export const BackedUpDatabase = z.object({
  /** From the backup's folder. */
  file: z.string().regex(/^(control|shards\/[a-z0-9-]+)\.db$/),
  name: z.string(),
  kind: z.enum(["control", "shard"]),
  bytes: z.number().int(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  takenAt: z.iso.datetime(),
  /** Migrations that this version knows and the database had not seen. */
  missingMigrations: z.array(z.string()),
  /** Damage that a start from it works around. */
  warnings: z.array(z.string()),
  /** Of a shard: what it is, and how far its world had come. */
  shard: z
    .object({
      shardKey: z.string(),
      world: z.string(),
      databaseId: z.string().optional(),
      epoch: z.number().int(),
      tick: z.number().int(),
    })
    .optional(),
});
export type BackedUpDatabase = z.infer<typeof BackedUpDatabase>;

export const Manifest = z.object({
  format: z.literal(1, "must be 1; it was made by a newer version, restore with that"),
  /** Of Tessera. */
  version: z.string(),
  madeAt: z.iso.datetime(),
  databases: z.array(BackedUpDatabase),
  /** Databases that were there and could not be backed up. */
  missing: z.array(z.object({ name: z.string(), reason: z.string() })),
});
export type Manifest = z.infer<typeof Manifest>;

/** Writes it into the backup's folder. */
export function writeManifest(folder: string, manifest: Manifest): void {
  writeFileSync(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
}

/** The manifest of the backup in this folder; undefined when it is none. */
export function readManifest(folder: string): Manifest | undefined {
  const path = join(folder, MANIFEST);
  if (!existsSync(path)) return undefined;
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new Error(`cannot read ${path}: it is no JSON; take another backup`, { cause });
  }
  const parsed = Manifest.safeParse(content);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path: at, message }) => `${at.join(".")} ${message}`);
  throw new Error(`cannot read ${path}: ${problems.join("; ")}`);
}

/** The backup's folder that a database file lies in; undefined when it lies alone. */
export function findBackupFolder(file: string): string | undefined {
  const folders = [dirname(file), dirname(dirname(file))];
  return folders.find((folder) => existsSync(join(folder, MANIFEST)));
}
