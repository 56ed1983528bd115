// Reads a database file without a lock and without leaving a trace: no -wal, no -shm, no changed
// byte. Only what was brought into the file is seen, not what may still stand in the -wal.
//
// This is another SQLite than libSQL's, and closing it would end the lock of a libSQL connection of
// the same process: only commands that have the file open in no other way may look.
import { constants, Database } from "bun:sqlite";
import { existsSync, readFileSync, statSync } from "node:fs";
import { encodePath, type ReadableDatabase } from "./database.ts";

export interface DatabaseLook extends ReadableDatabase, Disposable {
  /** Whether the last changes still stand in the -wal. */
  readonly hasWal: boolean;
}

/** Opens it for a look; errors come with the first read. */
export function lookAtDatabase(path: string): DatabaseLook {
  const flags = constants.SQLITE_OPEN_READONLY | constants.SQLITE_OPEN_URI;
  const database = new Database(`file:${encodePath(path)}?immutable=1`, flags);
  const wal = `${path}-wal`;
  return {
    place: path,
    hasWal: existsSync(wal) && statSync(wal).size > 0,
    client: {
      execute: async (sql) => ({ rows: database.query(sql).values() }),
    },
    [Symbol.dispose]: () => database.close(),
  };
}

/** The process that has a database open; undefined when none has, or the system does not tell. */
export function findDatabaseUser(path: string): number | undefined {
  const { dev, ino } = statSync(path, { bigint: true });
  const device = [(dev >> 8n) & 0xfffn, (dev & 0xffn) | ((dev >> 12n) & 0xfff00n)]
    .map((part) => part.toString(16).padStart(2, "0"))
    .join(":");
  for (const line of readLocks()) {
    const [, kind, , mode, pid, place] = line.trim().split(/\s+/);
    if (kind === "POSIX" && mode === "WRITE" && place === `${device}:${ino}`) return Number(pid);
  }
  return undefined;
}

function readLocks(): string[] {
  // Linux alone has such a list.
  return existsSync("/proc/locks") ? readFileSync("/proc/locks", "utf8").split("\n") : [];
}
