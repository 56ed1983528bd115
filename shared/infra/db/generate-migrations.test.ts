import { expect, test } from "bun:test";
import { makeStrict } from "./generate-migrations.ts";

test("each table is made STRICT once", () => {
  const plain =
    "CREATE TABLE `a` (\n\t`id` text\n);\n--> x\nCREATE INDEX `i` ON `a` (`id`);\nCREATE TABLE `b` (\n\t`id` text\n);";
  const strict = makeStrict(plain);
  expect(strict.match(/\n\) STRICT;/g)).toHaveLength(2);
  expect(makeStrict(strict)).toBe(strict);
});
