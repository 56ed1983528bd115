// The repository as the rules of tidy see it.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Blanked, blank } from "./blank.ts";

export interface SourceFile extends Blanked {
  /** From the root, with slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Tree {
  /** All files that git knows or would add. */
  readonly paths: readonly string[];
  /** TypeScript that people write: generated code is not among it. */
  readonly sources: readonly SourceFile[];
  /** The text of any file. */
  read(path: string): string;
}

export interface Violation {
  readonly path: string;
  readonly line: number;
  /** What is wrong and what to do instead. */
  readonly message: string;
}

export interface Rule {
  readonly name: string;
  check(tree: Tree): Violation[];
}

const GENERATED = /^proto\/gen\//;

/** The repository below `root`. */
export function readTree(root: string): Tree {
  const listing = Bun.spawnSync(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
    { cwd: root },
  );
  if (listing.exitCode !== 0) {
    throw new Error(`cannot list the repository: ${listing.stderr.toString().trim()}`);
  }
  const paths = listing.stdout
    .toString()
    .split("\0")
    .filter((path) => path !== "" && isFile(join(root, path)));
  return createTree(paths, (path) => readFileSync(join(root, path), "utf8"));
}

/** A tree of the given files, for the tests of rules. */
export function treeOf(files: Readonly<Record<string, string>>): Tree {
  return createTree(Object.keys(files), (path) => files[path] ?? "");
}

/** `violation("a.ts", code, at, …)` with the line that `at` is in. */
export function violationAt(file: SourceFile, at: number, message: string): Violation {
  return { path: file.path, line: file.text.slice(0, at).split("\n").length, message };
}

function createTree(paths: readonly string[], read: (path: string) => string): Tree {
  const sources = paths
    .filter((path) => path.endsWith(".ts") && !GENERATED.test(path))
    .map((path) => {
      const text = read(path);
      return { path, text, ...blank(text) };
    });
  return { paths, sources, read };
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
