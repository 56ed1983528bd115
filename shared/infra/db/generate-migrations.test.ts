import { expect, test } from "bun:test";
import { makeStrict } from "./generate-migrations.ts";

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
