// Imports nothing that must be installed first: this is what finds out that it is not.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "./finding.ts";

interface Package {
  readonly version?: string;
  readonly packageManager?: string;
  readonly engines?: { readonly bun?: string };
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Bun and the packages that the house in `root` needs to run. */
export function checkVersions(root: string, bunVersion: string): Finding[] {
  const wanted = readPackage(join(root, "package.json"));
  return [checkBun(wanted, bunVersion), checkDependencies(root, wanted)];
}

function checkBun({ packageManager = "", engines }: Package, version: string): Finding {
  const check = "bun";
  const tested = packageManager.replace("bun@", "");
  const range = engines?.bun ?? "*";
  if (!Bun.semver.satisfies(version, range)) {
    const fix = `install Bun ${tested}: npx --yes bun@${tested} …, or https://bun.sh`;
    return { check, status: "problem", text: `${version} is too old, needed is ${range}`, fix };
  }
  if (version === tested) return { check, status: "ok", text: version };
  const fix = `run it with Bun ${tested} where you can`;
  return { check, status: "warning", text: `${version}; tested is ${tested}`, fix };
}

function checkDependencies(root: string, { dependencies = {} }: Package): Finding {
  const check = "dependencies";
  const wrong = Object.entries(dependencies).flatMap(([name, wanted]) => {
    const path = join(root, "node_modules", name, "package.json");
    const found = existsSync(path) ? readPackage(path).version : "missing";
    return found === wanted ? [] : [`${name} is ${found} instead of ${wanted}`];
  });
  if (wrong.length === 0) {
    return { check, status: "ok", text: `${Object.keys(dependencies).length} as in package.json` };
  }
  return { check, status: "problem", text: wrong.join("; "), fix: "run `bun install`" };
}

function readPackage(path: string): Package {
  return JSON.parse(readFileSync(path, "utf8"));
}
