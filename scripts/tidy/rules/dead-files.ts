import { listReferences } from "../imports.ts";
import type { Rule, Tree } from "../tree.ts";

const ENTRY = /(^|\/)main\.ts$|\.(test|fuzz)\.ts$|^scripts\/[^/]+\.ts$|^drizzle\.config\.ts$/;
/** A peer has packages of its own, so it is run from outside and never imported. */
const PEER = /^bench\/peers\/[^/]+\/(run|verify)\.ts$/;

/** Every TypeScript file is reached from something that people run, import or open. */
export const deadFiles: Rule = {
  name: "dead files",
  check(tree) {
    const reached = reachFrom(tree, listEntries(tree));
    return tree.sources
      .filter(({ path }) => !reached.has(path))
      .map(({ path }) => ({ path, line: 1, message: "nothing leads here; use it or delete it" }));
  },
};

/** Main files, tests, scripts, peers, and what package.json names as scripts and exports. */
function listEntries(tree: Tree): string[] {
  const named = tree.paths.includes("package.json") ? tree.read("package.json") : "";
  const files = [...named.matchAll(/[\w./-]+\.ts\b/g)].map(([path]) => path.replace(/^\.\//, ""));
  return [...tree.paths.filter((path) => ENTRY.test(path) || PEER.test(path)), ...files];
}

function reachFrom(tree: Tree, entries: readonly string[]): Set<string> {
  const known = new Set(tree.paths);
  const sources = new Map(tree.sources.map((file) => [file.path, file]));
  const reached = new Set<string>();
  const waiting = entries.filter((path) => known.has(path));
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    if (!/\.(ts|html)$/.test(path)) continue;
    const file = sources.get(path) ?? { path, withTexts: tree.read(path) };
    waiting.push(...listReferences(tree, file));
  }
  return reached;
}
