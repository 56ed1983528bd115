import { closeSync, fsyncSync, openSync } from "node:fs";
import { DatabaseError, openDatabase } from "#shared/infra/db/database.ts";

/** Long enough for a process that is just closing the file. */
const BUSY_MS = 300;

/** Copies a database that nobody has open; tells whether that was so. */
export async function copyStoppedDatabase(from: string, to: string): Promise<boolean> {
  let database: Awaited<ReturnType<typeof openDatabase>>;
  try {
    database = await openDatabase({ place: from, schema: {}, busyTimeoutMs: BUSY_MS });
  } catch (error) {
    if (error instanceof DatabaseError && error.reason === "locked") return false;
    throw error;
  }
  try {
    // SQLite fills an empty file but gives a new one to everybody to read.
    closeSync(openSync(to, "wx", 0o600));
    await database.client.execute({ sql: "VACUUM INTO ?", args: [to] });
  } finally {
    await database.close();
  }
  const copy = openSync(to, "r+");
  fsyncSync(copy);
  closeSync(copy);
  return true;
}
