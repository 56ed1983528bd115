// Code that is generated and committed: from the .proto files and from the database schemas.
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DATABASES, findMissingTriggers } from "#shared/infra/db/generate-migrations.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { ROOT } from "../bootstrap.ts";
import { runTool } from "./tool.ts";

const PROTO = join(ROOT, "proto");
const MIGRATIONS = join(ROOT, "shared/infra/db/migrations");

/** Writes the code of the .proto files into `folder` as `folder/gen`. */
export async function generateProto(folder: string): Promise<boolean> {
  return await runTool("buf", ["generate", "--template", readTemplate(), "-o", folder], {
    cwd: PROTO,
  });
}

/** The names of generated files that are not what would be generated now. */
export async function findStaleFiles(): Promise<string[]> {
  using folder = createTempDir();
  if (!(await generateProto(folder.path))) return ["proto/gen (buf generate failed)"];
  const stale = compareTrees(join(folder.path, "gen"), join(PROTO, "gen"));
  return [...stale.map((name) => `proto/gen/${name}`), ...(await findStaleMigrations(folder.path))];
}

/** What differs between two folders: missing, additional and changed files. */
export function compareTrees(expected: string, actual: string): string[] {
  const names = new Set([...listFiles(expected), ...listFiles(actual)]);
  return [...names].sort().filter((name) => {
    const [left, right] = [join(expected, name), join(actual, name)];
    return !(
      existsSync(left) &&
      existsSync(right) &&
      readFileSync(left).equals(readFileSync(right))
    );
  });
}

function listFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

/** proto/buf.gen.yaml, with the Bun that runs now in place of the one on PATH. */
function readTemplate(): string {
  const text = readFileSync(join(PROTO, "buf.gen.yaml"), "utf8");
  return JSON.stringify(Bun.YAML.parse(text), (_, value) =>
    value === "bun" ? process.execPath : value,
  );
}

/** A schema that changed without its migration would make drizzle-kit write one. */
async function findStaleMigrations(folder: string): Promise<string[]> {
  const stale: string[] = [];
  for (const name of DATABASES) {
    const copy = join(folder, "migrations", name);
    cpSync(join(MIGRATIONS, name), copy, { recursive: true });
    const schema = `./shared/infra/db/schema/${name}.ts`;
    // drizzle-kit wants the folder relative to where it runs.
    const out = join("../".repeat(ROOT.split("/").length - 1), copy);
    const parameters = ["generate", "--dialect", "sqlite", "--schema", schema, "--out", out];
    const isDone = await runTool("drizzle", parameters, { quiet: true });
    const changed = compareTrees(copy, join(MIGRATIONS, name));
    if (!isDone) stale.push(`shared/infra/db/migrations/${name} (drizzle-kit failed)`);
    stale.push(...changed.map((file) => `shared/infra/db/migrations/${name}/${file}`));
    if (findMissingTriggers(name).length > 0) {
      stale.push(`shared/infra/db/migrations/${name} (lacks triggers)`);
    }
  }
  return stale;
}
