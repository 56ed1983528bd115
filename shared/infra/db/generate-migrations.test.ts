import { expect, test } from "bun:test";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { findMissingTriggers, makeStrict, writeTriggers } from "./generate-migrations.ts";

test("each table is made STRICT once", () => {
  const plain = [
    "CREATE TABLE `a` (\n\t`id` text\n);",
    "--> x",
    "CREATE INDEX `i` ON `a` (`id`);",
    "CREATE TABLE `b` (\n\t`id` text\n);",
  ].join("\n");
  const strict = makeStrict(plain);
  expect(strict.match(/\n\) STRICT;/g)).toHaveLength(2);
  expect(makeStrict(strict)).toBe(strict);
});

test("the migrations have all triggers; a folder without them lacks them", async () => {
  expect(findMissingTriggers("shard")).toEqual([]);
  using folder = createTempDir();
  const missing = findMissingTriggers("shard", folder.path);
  expect(missing.length).toBeGreaterThan(4);
  const [first = ""] = missing;
  await Bun.write(`${folder.path}/0000_first.sql`, `DROP TABLE x;\n--> breakpoint\n${first}`);
  expect(findMissingTriggers("shard", folder.path)).toEqual(missing.slice(1));
});

test("a trigger that changed replaces the one there was", () => {
  const trigger = "CREATE TRIGGER `guard` BEFORE INSERT ON `a`\nBEGIN\n\tSELECT 1;\nEND;";
  expect(writeTriggers([trigger])).toBe(
    `DROP TRIGGER IF EXISTS \`guard\`;\n--> statement-breakpoint\n${trigger}\n`,
  );
});
