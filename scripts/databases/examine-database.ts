import { type DatabaseKind, migrationFolders, nameOfShard } from "#shared/infra/db/data-folder.ts";
import {
  type Database,
  DatabaseError,
  findMissingMigrations,
  type ReadableDatabase,
} from "#shared/infra/db/database.ts";
import { readLasting } from "../../shards/persistence/lasting.ts";
import { readRecovery } from "../../shards/persistence/recovery.ts";
import type { BackedUpDatabase } from "./manifest.ts";

/** What a database says of itself. */
export type Description = Pick<BackedUpDatabase, "kind" | "name" | "missingMigrations" | "shard">;

/** Reads what a database is; throws DatabaseError when it is another program's or newer. */
export async function describeDatabase(database: ReadableDatabase): Promise<Description> {
  const { client } = database;
  const tables = await client.execute("SELECT name FROM sqlite_schema WHERE type = 'table'");
  const isShard = tables.rows.some((row) => row[0] === "shard_facts");
  const kind: DatabaseKind = isShard ? "shard" : "control";
  const missingMigrations = await findMissingMigrations(database, migrationFolders[kind]);
  if (!isShard) return { kind, name: "control", missingMigrations };
  const shard = await describeShard(database);
  return { kind, name: nameOfShard(shard.shardKey), missingMigrations, shard };
}

async function describeShard({ client, place }: ReadableDatabase) {
  const { rows } = await client.execute("SELECT name, value FROM shard_facts");
  const facts = new Map(rows.map((row) => [String(row[0]), String(row[1])]));
  const progress = await client.execute("SELECT epoch, tick FROM progress");
  const shardKey = facts.get("shard_key");
  if (shardKey === undefined) {
    throw new DatabaseError("foreign", place, `cannot use ${place}: it names no shard`);
  }
  const databaseId = facts.get("database_id");
  return {
    shardKey,
    world: facts.get("world") ?? "",
    ...(databaseId !== undefined && { databaseId }),
    epoch: Number(progress.rows[0]?.[0] ?? 0),
    tick: Number(progress.rows[0]?.[1] ?? 0),
  };
}

/** Every page and index, and that no row points to one that is missing; throws DatabaseError. */
export async function checkPages({ client, place }: ReadableDatabase): Promise<void> {
  const pages = await client.execute("PRAGMA integrity_check(1)");
  const verdict = String(pages.rows[0]?.[0]);
  if (verdict !== "ok") throw damaged(place, verdict);
  const [loose] = (await client.execute("PRAGMA foreign_key_check")).rows;
  if (loose === undefined) return;
  throw damaged(place, `a row of ${loose[0]} points to one of ${loose[2]} that is not there`);
}

function damaged(place: string, what: string, cause?: unknown): DatabaseError {
  const message = `cannot use ${place}: it is damaged (${what})`;
  return new DatabaseError("damaged", place, message, cause);
}

/**
 * Follows a shard's journal and looks at each of its checksums, as its start would; throws
 * DatabaseError when it could not start, and tells what it would have to work around.
 */
export async function checkContent(
  { client, place }: Database<Record<string, unknown>>,
  { shard, missingMigrations }: Description,
): Promise<string[]> {
  // An older layout is checked by the start that migrates it.
  if (shard === undefined || missingMigrations.length > 0) return [];
  try {
    const { warnings } = await readRecovery({ client, id: shard.databaseId ?? "" });
    await readLasting(client, shard.tick);
    return warnings;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw damaged(place, reason, error);
  }
}
