import { chmodSync, rmSync, statSync } from "node:fs";
import type { DatabaseFile } from "#shared/infra/db/data-folder.ts";
import { openDatabase } from "#shared/infra/db/database.ts";
import type { Clock } from "#shared/time/clock.ts";
import { copyStoppedDatabase } from "./copy-stopped.ts";
import { checkContent, checkPages, describeDatabase } from "./examine-database.ts";
import { hashFile } from "./hash-file.ts";
import type { BackedUpDatabase } from "./manifest.ts";
import { BrokenHold, copyHeldDatabase, type Owner } from "./owner.ts";

/** A process that stops or starts meanwhile spoils a copy; then the last error is told. */
const ATTEMPTS_MAX = 3;

export interface BackupTask {
  readonly database: DatabaseFile;
  /** Of the copy: where, and how it is called in the manifest. */
  readonly to: string;
  readonly file: string;
  readonly clock: Clock;
  /** Finds the process that has the database open; throws with the way out when it cannot. */
  readonly findOwner: () => Promise<Owner>;
}

/** Copies one database and checks the copy; throws when there is no sound copy to be had. */
export async function backUpDatabase(
  task: BackupTask,
): Promise<{ entry: BackedUpDatabase; owner: Owner | undefined }> {
  const { database, to, file, clock } = task;
  const takenAt = new Date(clock.wallMs()).toISOString();
  const owner = await copy(task);
  chmodSync(to, 0o600);
  const description = await verify(to).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `cannot back up ${database.path}: its copy is no sound one, so it may be none itself. ` +
        `${reason}; keep the backups that there are`,
      { cause },
    );
  });
  if (description.name !== database.name) {
    throw new Error(
      `cannot back up ${database.path}: it is the database of ${description.name}; give it that ` +
        "name",
    );
  }
  const { size: bytes } = statSync(to);
  const entry = { file, bytes, sha256: await hashFile(to), takenAt, ...description };
  return { entry, owner };
}

/** Tells who had it open. */
async function copy({ database, to, clock, findOwner }: BackupTask): Promise<Owner | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      if (await copyStoppedDatabase(database.path, to)) return undefined;
      const owner = await findOwner();
      await copyHeldDatabase(owner, { from: database.path, to, clock });
      return owner;
    } catch (error) {
      rmSync(to, { force: true });
      if (!(error instanceof BrokenHold) || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

async function verify(path: string) {
  await using copy = await openDatabase({ place: path, schema: {} });
  await checkPages(copy);
  const description = await describeDatabase(copy);
  const warnings = await checkContent(copy, description);
  return { ...description, warnings };
}
