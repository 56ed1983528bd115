// The rules of the house, held by a machine: each is a file in scripts/tidy/rules/.
import { describe, expect, test } from "bun:test";
import { rules } from "./scripts/tidy/rules.ts";
import { readTree } from "./scripts/tidy/tree.ts";

describe("the repository keeps its rules on", () => {
  const tree = readTree(import.meta.dir);

  test.each(rules.map((rule) => [rule.name, rule] as const))("%s", (_, rule) => {
    const found = rule.check(tree);
    expect(found.map(({ path, line, message }) => `${path}:${line}: ${message}`)).toEqual([]);
  });
});
