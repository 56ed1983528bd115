// A copy of a backed-up database, checked and made fit to go into its place.
import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { controlDatabasePath, shardDatabasePath } from "#shared/infra/db/data-folder.ts";
import { type Database, openDatabase } from "#shared/infra/db/database.ts";
import { writeFact } from "../../shards/persistence/facts.ts";
import { copyInSteps } from "./copy-in-steps.ts";
import {
  checkContent,
  checkPages,
  type Description,
  describeDatabase,
} from "./examine-database.ts";
import { hashFile } from "./hash-file.ts";
import type { BackedUpDatabase } from "./manifest.ts";

/** A file to be restored. */
export interface Wanted {
  readonly file: string;
  /** What the manifest says of it, for a database that lies in its backup. */
  readonly entry: BackedUpDatabase | undefined;
}

/** Disposing it removes the copy, unless that was moved to its place. */
export interface Draft extends Disposable {
  readonly path: string;
  /** As it was backed up, and as it goes into its place. */
  readonly original: Description;
  readonly description: Description;
  /** Where it is to go. */
  readonly target: string;
}

/** Copies a file into the data folder; throws when it is not sound or not what was backed up. */
export async function makeDraft({ file, entry }: Wanted, data: string): Promise<Draft> {
  if (!existsSync(file)) throw new Error(`cannot restore ${file}: it is not there`);
  if (existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0) {
    throw new Error(
      `cannot restore ${file}: a part of it stands in the -wal beside it; name a file of a backup`,
    );
  }
  const path = join(data, `restore-${crypto.randomUUID()}`);
  const remove = () => rmSync(path, { force: true });
  mkdirSync(data, { recursive: true });
  try {
    await copyInSteps(file, path);
    if (entry !== undefined && (await hashFile(path)) !== entry.sha256) {
      throw new Error(
        `cannot restore ${file}: it is not what was backed up (its SHA-256 is not that of the ` +
          "manifest); restore another backup",
      );
    }
    const { original, description } = await prepare(file, path);
    if (entry !== undefined && entry.name !== description.name) {
      throw new Error(`cannot restore ${file}: it is the database of ${description.name}`);
    }
    const key = description.shard?.shardKey;
    const target = key === undefined ? controlDatabasePath(data) : shardDatabasePath(data, key);
    return { path, original, description, target, [Symbol.dispose]: remove };
  } catch (error) {
    remove();
    throw error;
  }
}

async function prepare(
  file: string,
  path: string,
): Promise<Pick<Draft, "original" | "description">> {
  await using copy = await openDatabase({ place: path, schema: {} });
  await checkPages(copy);
  const original = await describeDatabase(copy);
  await checkContent(copy, original);
  if (original.shard === undefined) return { original, description: original };
  await beginBranch(copy, basename(dirname(resolve(file))));
  return { original, description: await describeDatabase(copy) };
}

/**
 * From here on there are two histories of the shard: the one that was, of which replicas and the
 * moved file hold more, and this one. A database id of its own tells them apart.
 */
async function beginBranch({ client }: Database<Record<string, unknown>>, from: string) {
  const facts = [writeFact("database_id", crypto.randomUUID()), writeFact("restored_from", from)];
  await client.batch(facts, "write");
}
