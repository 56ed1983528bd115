import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseError, openDatabase } from "#shared/infra/db/database.ts";
import { type Replaced, replaceDatabase } from "#shared/infra/db/replace-database.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { Draft } from "./draft.ts";
import { type Description, describeDatabase } from "./examine-database.ts";
import { refuseLoss } from "./refuse-loss.ts";
import { syncFolder } from "./sync-folder.ts";

/**
 * Throws when the draft must not go into its place now, and changes nothing; else tells what is
 * there.
 */
export async function lookInPlace(draft: Draft, undo: boolean): Promise<Replaced> {
  if (!existsSync(draft.target)) return "nothing";
  try {
    await using current = await openDatabase({ place: draft.target, schema: {} });
    await refuseLoss(current, { restored: draft.original, undo });
    return "sound";
  } catch (error) {
    // What cannot be read may be replaced.
    if (error instanceof DatabaseError && error.reason === "damaged") return "damaged";
    throw explain(error, draft);
  }
}

export interface PlaceOptions {
  /** What `lookInPlace` told. */
  readonly found: Replaced;
  /** Where that goes. */
  readonly aside: string;
  readonly undo: boolean;
  readonly clock: Clock;
}

/** Moves the draft to its place, and what was there aside; throws when that must stay. */
export async function putInPlace(draft: Draft, options: PlaceOptions): Promise<Replaced> {
  const { path, target, original } = draft;
  const { found, aside, undo, clock } = options;
  mkdirSync(dirname(target), { recursive: true });
  try {
    const replaced = await replaceDatabase({
      target,
      replacement: path,
      aside,
      clock,
      isDamaged: found === "damaged",
      judge: (current) => refuseLoss(current, { restored: original, undo }),
    });
    syncFolder(dirname(target));
    await verify(draft);
    return replaced;
  } catch (error) {
    throw explain(error, draft);
  }
}

function explain(error: unknown, { target, description }: Draft): unknown {
  if (error instanceof DatabaseError && error.reason === "locked") {
    const process = description.kind === "shard" ? "shard" : "server";
    return new Error(
      `cannot restore ${target}: a process has the database in place open; stop the ${process} ` +
        "and what starts it again, then restore",
      { cause: error },
    );
  }
  if (error instanceof Error && "code" in error && error.code === "EEXIST") {
    return new Error(
      `cannot restore ${target}: a process has just made a new one; stop that process first`,
      { cause: error },
    );
  }
  return error;
}

/** That what lies in place now is what was put there. */
async function verify({ target, description }: Draft): Promise<void> {
  let found: Description;
  try {
    await using database = await openDatabase({ place: target, schema: {}, busyTimeoutMs: 0 });
    found = await describeDatabase(database);
  } catch (error) {
    // A process was quick to open it, and checks it itself.
    if (error instanceof DatabaseError && error.reason === "locked") return;
    throw error;
  }
  if (Bun.deepEquals(found, description)) return;
  throw new Error(`cannot restore ${target}: what lies there now is not what was put there`);
}
