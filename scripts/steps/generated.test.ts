import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { compareTrees } from "./generated.ts";

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(root, name, ".."), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

test("missing, additional and changed files differ; equal ones do not", () => {
  using folder = createTempDir();
  const [expected, actual] = [join(folder.path, "expected"), join(folder.path, "actual")];
  write(expected, { "same.ts": "a", "deep/changed.ts": "a", "missing.ts": "a" });
  write(actual, { "same.ts": "a", "deep/changed.ts": "b", "deep/additional.ts": "a" });
  expect(compareTrees(expected, actual)).toEqual([
    "deep/additional.ts",
    "deep/changed.ts",
    "missing.ts",
  ]);
});

test("a folder that is not there has no files", () => {
  using folder = createTempDir();
  expect(compareTrees(join(folder.path, "a"), join(folder.path, "b"))).toEqual([]);
});
