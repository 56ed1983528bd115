// Copies the files of a database that another process may be writing to, without touching them.
//
// In WAL mode what is committed is appended to the -wal; the file itself changes only when that is
// written back, and then the -wal begins anew with another salt in its head. So a file that is
// copied first, and a -wal whose head and file are the same afterwards as before, are the database
// as of some commit in between: SQLite drops what was only half written.
import { closeSync, copyFileSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { DatabaseError } from "./database-error.ts";

/** A write-back takes milliseconds and comes seconds apart. */
const ATTEMPTS_MAX = 20;
const WAL_HEAD_BYTES = 32;

/**
 * Copies a database and what has not been written back yet. Not for a file that this very process
 * has open: to close it here would end SQLite's lock.
 */
export function copyDatabaseFiles(from: string, to: string): void {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const before = describe(from);
    copyFileSync(from, to);
    if (existsSync(`${from}-wal`)) copyFileSync(`${from}-wal`, `${to}-wal`);
    if (describe(from) === before) return;
  }
  throw new DatabaseError(
    "locked",
    from,
    `cannot copy database ${from}: it changed each time while it was copied; try again, or stop ` +
      "the process that uses it",
  );
}

/** Equal as long as nothing was written back into the file. */
function describe(path: string): string {
  const { ino, size, mtimeNs } = statSync(path, { bigint: true });
  return [ino, size, mtimeNs, readHead(`${path}-wal`)].join();
}

function readHead(path: string): string {
  if (!existsSync(path)) return "";
  const head = new Uint8Array(WAL_HEAD_BYTES);
  const file = openSync(path, "r");
  readSync(file, head);
  closeSync(file);
  return head.toHex();
}
