// Writes the migrations that the schemas lack: `bun run shared/infra/db/generate-migrations.ts`.
//
// drizzle-kit cannot say STRICT. A table that is not STRICT keeps "abc" in an integer column and
// turns an integer beyond 64 bits into a float without a word, so STRICT is added to each new file.
//
// Nor does it know triggers. They stand in `triggers/`, with the rows that they need; what no
// migration contains gets one of its own. A migration that makes a table anew drops its triggers:
// whoever writes one repeats them there.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { controlTriggers } from "./triggers/control-triggers.ts";
import { shardTriggers } from "./triggers/shard-triggers.ts";

/** Databases that have a schema. */
export const DATABASES = ["control", "shard"] as const;
type DatabaseName = (typeof DATABASES)[number];

const TRIGGERS: Record<DatabaseName, readonly string[]> = {
  control: controlTriggers,
  shard: shardTriggers,
};
const BREAKPOINT = "--> statement-breakpoint";
const root = join(import.meta.dir, "../../..");

/** Adds STRICT to each CREATE TABLE that lacks it. */
export function makeStrict(statements: string): string {
  return statements.replace(/(CREATE TABLE [\s\S]*?\n\));/g, "$1 STRICT;");
}

/** The statements of a database's triggers that are in none of the migrations of `folder`. */
export function findMissingTriggers(name: DatabaseName, folder = folderOf(name)): string[] {
  const known = listMigrations(folder).map((file) => withoutLayout(readFileSync(file, "utf8")));
  return TRIGGERS[name].filter((statement) => {
    return !known.some((text) => text.includes(withoutLayout(statement)));
  });
}

/** Quotes of names and white space say nothing. */
function withoutLayout(statements: string): string {
  return statements.replace(/[`"\s]/g, "");
}

/** Replaces each trigger by its new text; other statements stay what they are. */
export function writeTriggers(statements: readonly string[]): string {
  const parts = statements.flatMap((statement) => {
    if (!statement.startsWith("CREATE TRIGGER")) return [statement];
    const name = /CREATE TRIGGER (\S+)/.exec(statement)?.[1];
    if (name === undefined) throw new Error(`cannot write trigger: no name in ${statement}`);
    return [`DROP TRIGGER IF EXISTS ${name};`, statement];
  });
  return `${parts.join(`\n${BREAKPOINT}\n`)}\n`;
}

function generate(name: DatabaseName): void {
  runDrizzle(name, process.argv.slice(2));
  for (const path of listMigrations(folderOf(name))) {
    const before = readFileSync(path, "utf8");
    const after = makeStrict(before);
    if (after !== before) writeFileSync(path, after);
  }
  const missing = findMissingTriggers(name);
  if (missing.length === 0) return;
  runDrizzle(name, ["--custom", "--name", "triggers"]);
  const added = listMigrations(folderOf(name)).at(-1);
  if (added !== undefined) writeFileSync(added, writeTriggers(missing));
}

function runDrizzle(name: string, parameters: readonly string[]): void {
  const made = Bun.spawnSync([process.execPath, "x", "drizzle-kit", "generate", ...parameters], {
    cwd: root,
    env: { ...process.env, DRIZZLE_DATABASE: name },
    stdout: "inherit",
    stderr: "inherit",
  });
  if (made.exitCode === 0) return;
  throw new Error(`cannot generate migrations of ${name}: drizzle-kit failed, see above`);
}

function folderOf(name: string): string {
  return join(import.meta.dir, "migrations", name);
}

/** Paths of the migrations, the oldest first. */
function listMigrations(folder: string): string[] {
  const names = readdirSync(folder).filter((entry) => entry.endsWith(".sql"));
  return names.sort().map((entry) => join(folder, entry));
}

if (import.meta.main) for (const name of DATABASES) generate(name);
