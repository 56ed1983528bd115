// Puts databases of a backup back in their places; what was there is kept beside them.
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Replaced } from "#shared/infra/db/replace-database.ts";
import { ConfigurationError, readSettings } from "#shared/infra/settings.ts";
import type { Surroundings } from "./backup.ts";
import { type Draft, makeDraft, type Wanted } from "./draft.ts";
import type { Description } from "./examine-database.ts";
import { readFlags } from "./flags.ts";
import { findBackupFolder, readManifest } from "./manifest.ts";
import { lookInPlace, putInPlace } from "./put-in-place.ts";

const USAGE = `usage: bun run restore FOLDER|FILE [--undo]
  FOLDER|FILE  a backup, or one database of it
  --undo       although the databases in place are sound: what happened since is undone`;

/** Restores what is named; when one of it cannot be, that is told before anything is changed. */
export async function restoreBackup(
  given: readonly string[],
  { environment, clock, say }: Surroundings,
): Promise<boolean> {
  const flags = readFlags(given, {
    does: "restore",
    usage: USAGE,
    alone: ["--undo"],
    wordsMax: 1,
  });
  const undo = flags.has("--undo");
  const [source] = flags.words;
  if (source === undefined) throw new ConfigurationError(`cannot restore: what?\n${USAGE}`);
  const { TESSERA_DATA: data } = readSettings(["TESSERA_DATA"], environment);
  using drafts = new DisposableStack();
  const ready: { draft: Draft; found: Replaced }[] = [];
  for (const wanted of listWanted(source)) {
    const draft = drafts.use(await makeDraft(wanted, data));
    ready.push({ draft, found: await lookInPlace(draft, undo) });
  }
  for (const { draft, found } of ready) {
    const time = new Date(clock.wallMs()).toISOString().replaceAll(/[:.]/g, "-");
    const aside = `${draft.target}.before-${time}`;
    const replaced = await putInPlace(draft, { found, aside, undo, clock });
    say(describe(draft));
    if (replaced !== "nothing") say(`  what was there, ${replaced}, is kept: ${aside}`);
    for (const note of listNotes(draft.description)) say(`  ${note}`);
  }
  return true;
}

function listWanted(source: string): Wanted[] {
  if (!existsSync(source)) {
    throw new ConfigurationError(`cannot restore ${source}: it is not there`);
  }
  if (!statSync(source).isDirectory()) {
    const folder = findBackupFolder(source);
    const entries = folder === undefined ? [] : (readManifest(folder)?.databases ?? []);
    const entry = entries.find(({ file }) => resolve(folder ?? "", file) === resolve(source));
    return [{ file: source, entry }];
  }
  const manifest = readManifest(source);
  if (manifest === undefined) {
    throw new ConfigurationError(
      `cannot restore ${source}: it has no manifest.json, so it is no whole backup; name a ` +
        "folder that `bun run backup` has made, or one file",
    );
  }
  return manifest.databases.map((entry) => ({ file: join(source, entry.file), entry }));
}

function describe({ description: { name, shard }, target }: Draft): string {
  return `${name} is restored${shard === undefined ? "" : ` to tick ${shard.tick}`}: ${target}`;
}

function listNotes({ missingMigrations, shard }: Description): string[] {
  const notes: string[] = [];
  if (missingMigrations.length > 0) {
    notes.push("it is of an older version: the next start or bun run migrate brings it up to date");
  }
  if (shard !== undefined) {
    notes.push("it goes on as a world of its own, so start its shard once with --take-over");
  }
  return notes;
}
