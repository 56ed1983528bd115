// What lies where the shard's database is to be: nothing, the shard's own database from before a
// restart, or that of a life that went on elsewhere. It is locked while a standby looks on, so that
// nobody serves it meanwhile, and it is moved aside, never deleted.
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { type Database, openDatabase } from "#shared/infra/db/database.ts";
import { DatabaseError } from "#shared/infra/db/database-error.ts";
import * as schema from "#shared/infra/db/schema/shard.ts";
import { readHead } from "../copy/head.ts";

/** The file and what SQLite puts beside it. */
const COMPANIONS = ["", "-wal", "-shm", "-journal"];

export interface FileInPlace {
  /** Undefined where there is no file, or none that can be read. */
  readonly databaseId: string | undefined;
  /** Lets go of it. */
  close(): Promise<void>;
  /** Puts a closed database in its place; gives where the one before went, if there was one. */
  replace(replacement: string, nowMs: number): Promise<string | undefined>;
}

/** Throws DatabaseError `locked` when a process has it open. */
export async function openFileInPlace(path: string): Promise<FileInPlace> {
  const database = await open(path);
  const close = async () => database?.close();
  return {
    databaseId: await readId(database),
    close,
    async replace(replacement, nowMs) {
      await close();
      const time = new Date(nowMs).toISOString().replace(/[:.]/g, "-");
      const aside = `${path}.before-${time}`;
      const isThere = existsSync(path);
      for (const companion of COMPANIONS) {
        if (existsSync(path + companion)) renameSync(path + companion, aside + companion);
      }
      mkdirSync(dirname(path), { recursive: true });
      renameSync(replacement, path);
      return isThere ? aside : undefined;
    },
  };
}

async function open(path: string): Promise<Database<typeof schema> | undefined> {
  if (!existsSync(path)) return undefined;
  try {
    return await openDatabase({ place: path, schema });
  } catch (error) {
    // It is of no use to anybody, and will be moved aside as it is.
    if (error instanceof DatabaseError && error.reason === "damaged") return undefined;
    throw error;
  }
}

async function readId(database: Database<typeof schema> | undefined): Promise<string | undefined> {
  if (database === undefined) return undefined;
  const head = await readHead(database.client).catch(() => undefined);
  return head?.facts.get("database_id");
}
