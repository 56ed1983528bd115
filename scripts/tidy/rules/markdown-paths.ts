import { dirname, join, normalize } from "node:path";
import type { Rule, Tree, Violation } from "../tree.ts";

const LINK = /\]\(([^)\s]+)\)/g;
const QUOTED = /`([^`\n]+)`/g;
/** Something that looks like a path of this repository: a folder, then more. */
const LIKE_PATH = /^[\w.-]+(\/[\w.{},-]+)*(\/|\.(ts|md|proto|yaml|yml|json|html|png|sql|toml))$/;
/** Made while the house runs, so not in the repository. */
const MADE = /^(data|node_modules)\//;

/** Every file that a Markdown file names is there. */
export const markdownPaths: Rule = {
  name: "paths in Markdown",
  check: (tree) =>
    tree.paths.filter((path) => path.endsWith(".md")).flatMap((path) => checkFile(tree, path)),
};

function checkFile(tree: Tree, path: string): Violation[] {
  const places = collectPlaces(tree);
  return tree
    .read(path)
    .split("\n")
    .flatMap((text, index) =>
      listNamed(text, path)
        .filter((name) => !isThere(name, places))
        .map((name) => ({
          path,
          line: index + 1,
          message: `${name} does not exist; name what is there`,
        })),
    );
}

function listNamed(text: string, from: string): string[] {
  const links = [...text.matchAll(LINK)]
    .map(([, target = ""]) => target.replace(/#.*$/, ""))
    .filter((target) => target !== "" && !/^\w+:/.test(target))
    .map((target) => normalize(join(dirname(from), target)));
  const quoted = [...text.matchAll(QUOTED)]
    .map(([, target = ""]) => target.replace(/^\.\//, ""))
    .filter((target) => target.includes("/") && LIKE_PATH.test(target) && !MADE.test(target))
    // `tessera/v1/arena.proto` and the like may be told from the folder that is spoken of.
    .map((target) => normalize(target));
  return [...links, ...quoted];
}

function isThere(name: string, places: ReadonlySet<string>): boolean {
  const plain = name.replace(/\/$/, "");
  const braces = /^(.*)\{([^}]*)\}(.*)$/.exec(plain);
  if (braces === null) return places.has(plain);
  const [, before = "", choices = "", after = ""] = braces;
  return choices.split(",").every((choice) => isThere(before + choice + after, places));
}

/** All files and all their folders. */
function collectPlaces(tree: Tree): Set<string> {
  const places = new Set<string>();
  for (const path of tree.paths) {
    for (let place = path; place !== "."; place = dirname(place)) places.add(place);
  }
  return places;
}
