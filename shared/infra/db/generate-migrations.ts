// Writes the migrations that the schemas lack: `bun run shared/infra/db/generate-migrations.ts`.
//
// drizzle-kit cannot say STRICT. A table that is not STRICT keeps "abc" in an integer column and
// turns an integer beyond 64 bits into a float without a word, so STRICT is added to each new file.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const DATABASES = ["control", "shard"];
const root = join(import.meta.dir, "../../..");

/** Adds STRICT to each CREATE TABLE that lacks it. */
export function makeStrict(statements: string): string {
  return statements.replace(/(CREATE TABLE [\s\S]*?\n\));/g, "$1 STRICT;");
}

function generate(name: string): void {
  if (!existsSync(join(import.meta.dir, "schema", `${name}.ts`))) return;
  const made = Bun.spawnSync(
    [process.execPath, "x", "drizzle-kit", "generate", ...process.argv.slice(2)],
    {
      cwd: root,
      env: { ...process.env, DRIZZLE_DATABASE: name },
      stdout: "inherit",
      stderr: "inherit",
    },
  );
  if (made.exitCode !== 0) {
    throw new Error(`cannot generate migrations of ${name}: drizzle-kit failed, see above`);
  }
  const folder = join(import.meta.dir, "migrations", name);
  for (const file of readdirSync(folder).filter((entry) => entry.endsWith(".sql"))) {
    const path = join(folder, file);
    const before = readFileSync(path, "utf8");
    const after = makeStrict(before);
    if (after !== before) writeFileSync(path, after);
  }
}

if (import.meta.main) for (const name of DATABASES) generate(name);
