// Where the databases of a deployment lie in its data folder, and which migrations are whose.
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";

/** The databases of Tessera: the server's one, and one for each shard. */
export type DatabaseKind = "control" | "shard";

export interface DatabaseFile {
  readonly kind: DatabaseKind;
  /** As people say it: `control`, or the shard's key with dashes. */
  readonly name: string;
  readonly path: string;
}

const EXTENSION = ".db";
const SHARDS = "shards";

/** The folder of migrations of each kind. */
export const migrationFolders: Readonly<Record<DatabaseKind, string>> = {
  control: join(import.meta.dir, "migrations/control"),
  shard: join(import.meta.dir, "migrations/shard"),
};

/** The server's database. */
export function controlDatabasePath(data: string): string {
  return join(data, `control${EXTENSION}`);
}

/** The database of the shard with this key. */
export function shardDatabasePath(data: string, shardKey: string): string {
  return join(data, SHARDS, `${nameOfShard(shardKey)}${EXTENSION}`);
}

/** How a shard's database is called, which is how files can be. */
export function nameOfShard(shardKey: string): string {
  return shardKey.replaceAll(":", "-");
}

/** The databases that a data folder, or a backup, holds: the server's first, shards by name. */
export function listDatabaseFiles(data: string): DatabaseFile[] {
  const control = controlDatabasePath(data);
  const shards = join(data, SHARDS);
  const names = existsSync(shards) ? readdirSync(shards) : [];
  return [
    ...(existsSync(control) ? [{ kind: "control", name: "control", path: control } as const] : []),
    ...names
      .filter((file) => file.endsWith(EXTENSION))
      .sort()
      .map((file): DatabaseFile => {
        return { kind: "shard", name: basename(file, EXTENSION), path: join(shards, file) };
      }),
  ];
}
