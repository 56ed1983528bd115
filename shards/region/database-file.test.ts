import { expect, test } from "bun:test";
import { copyFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { nameDatabaseFile } from "./database-file.ts";

test("a file keeps its name when it changes or moves, and a copy has another", () => {
  using folder = createTempDir();
  const [path, moved, copy] = ["a.db", "b.db", "c.db"].map((name) => join(folder.path, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(path, "one");
  const name = nameDatabaseFile(path);
  expect(name).toMatch(/^[0-9a-f]{32}$/);
  writeFileSync(path, "another");
  expect(nameDatabaseFile(path)).toBe(name);
  copyFileSync(path, copy);
  expect(nameDatabaseFile(copy)).not.toBe(name);
  renameSync(path, moved);
  expect(nameDatabaseFile(moved)).toBe(name);
});
