import type { Rule, Tree, Violation } from "../tree.ts";

/** `bun run NAME`, and the word after it. */
const COMMAND = /\bbun run ([a-z][\w-]*)(?: ([a-z][\w-]*))?/g;

/** Where the words are that a command takes. */
const FOLDERS: Readonly<Record<string, string>> = {
  bench: "bench/benchmarks",
  chaos: "bench/chaos/experiments",
};

/** Every `bun run` that a Markdown file tells of is there, benchmarks and experiments too. */
export const markdownCommands: Rule = {
  name: "commands in Markdown",
  check(tree) {
    const scripts = readScripts(tree);
    return tree.paths
      .filter((path) => path.endsWith(".md"))
      .flatMap((path) => checkFile(path, { tree, scripts }));
  },
};

function checkFile(
  path: string,
  { tree, scripts }: { tree: Tree; scripts: ReadonlySet<string> },
): Violation[] {
  return tree
    .read(path)
    .split("\n")
    .flatMap((text, index) =>
      [...text.matchAll(COMMAND)]
        .filter(([, script = "", word]) => !isThere(script, word, { tree, scripts }))
        .map(([command]) => ({
          path,
          line: index + 1,
          message: `there is no \`${command}\`; name a command that there is`,
        })),
    );
}

function isThere(
  script: string,
  word: string | undefined,
  { tree, scripts }: { tree: Tree; scripts: ReadonlySet<string> },
): boolean {
  if (!scripts.has(script)) return false;
  const folder = FOLDERS[script];
  return folder === undefined || word === undefined || tree.paths.includes(`${folder}/${word}.ts`);
}

function readScripts(tree: Tree): Set<string> {
  if (!tree.paths.includes("package.json")) return new Set();
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(tree.read("package.json"));
  return new Set(Object.keys(scripts));
}
