// Puts one database file in the place of another, of which nothing is lost.
import { existsSync, linkSync, renameSync, unlinkSync } from "node:fs";
import type { Clock } from "#shared/time/clock.ts";
import { BUSY_MS, type Database, openDatabase } from "./database.ts";

export interface ReplaceOptions {
  /** Where the database is to be. */
  readonly target: string;
  /** A closed, sound database on the same disk; it is moved. */
  readonly replacement: string;
  /** Where the one in place goes, with its companions. */
  readonly aside: string;
  readonly clock: Clock;
  /**
   * The one in place was found damaged by this process, which has it locked until it ends: a second
   * attempt to open it would find it in use.
   */
  readonly isDamaged: boolean;
  /** Looks at the one in place, when that can be read, and throws when it must stay. */
  readonly judge: (current: Database<Record<string, unknown>>) => Promise<void>;
}

/** What was in place before; `damaged` was moved aside unread. */
export type Replaced = "nothing" | "sound" | "damaged";

/** Throws DatabaseError `locked` when a process has the one in place open. */
export async function replaceDatabase(options: ReplaceOptions): Promise<Replaced> {
  const { target, replacement, aside } = options;
  if (!existsSync(target)) {
    // Unlike a rename, a link fails when somebody makes the file in this moment.
    linkSync(replacement, target);
    unlinkSync(replacement);
    return "nothing";
  }
  if (options.isDamaged) {
    for (const companion of ["-wal", "-shm", "-journal"]) {
      if (existsSync(target + companion)) renameSync(target + companion, aside + companion);
    }
    linkSync(target, aside);
    renameSync(replacement, target);
    return "damaged";
  }
  const current = await openDatabase({ place: target, schema: {} });
  try {
    await options.judge(current);
    // All of it in the one file; the lock stays.
    await current.client.execute("PRAGMA journal_mode = DELETE");
  } catch (error) {
    await current.close();
    throw error;
  }
  return await swap(options, current);
}

/**
 * A process that opens the file in this moment has the old one in its hands and waits for the lock.
 * So that it does not go on with that, it is kept out until it gives up.
 */
async function swap(
  { target, replacement, aside, clock }: ReplaceOptions,
  current: Database<Record<string, unknown>>,
): Promise<Replaced> {
  linkSync(target, aside);
  renameSync(replacement, target);
  const { promise, resolve } = Promise.withResolvers<void>();
  clock.schedule(BUSY_MS + 500, resolve);
  await promise;
  // Not in order, which would look for companions under a name that is another database's by now.
  current.client.close();
  return "sound";
}
