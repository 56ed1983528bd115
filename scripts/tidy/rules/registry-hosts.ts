import type { Rule } from "../tree.ts";

const FILES = /(^|\/)(bun\.lock|\.npmrc|bunfig\.toml|package\.json)$/;
const HOST = /https?:\/\/[^\s"']+/g;

/** The lockfile works with any registry: it says what, never where from. */
export const registryHosts: Rule = {
  name: "registry hosts",
  check: (tree) =>
    tree.paths
      .filter((path) => FILES.test(path))
      .flatMap((path) =>
        tree
          .read(path)
          .split("\n")
          .flatMap((text, index) =>
            [...text.matchAll(HOST)].map(([host]) => ({
              path,
              line: index + 1,
              message: `${host} ties the house to one host; leave the registry to the machine`,
            })),
          ),
      ),
};
