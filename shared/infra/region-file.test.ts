import { expect, test } from "bun:test";
import { join } from "node:path";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { readRegionFiles } from "./region-file.ts";
import { ConfigurationError } from "./settings.ts";

const GOOD = "region: eu-west-1\ntitle: Europe\nworlds:\n  - world: arena\n";

async function readOne(content: string, name = "eu-west-1.yaml") {
  using folder = createTempDir();
  await Bun.write(join(folder.path, name), content);
  return readRegionFiles(folder.path);
}

test("the files of this repository are good", () => {
  const regions = readRegionFiles(join(import.meta.dir, "../../regions"));
  expect(regions.map((file) => String(file.region))).toContain("eu-west-1");
});

test("a world runs in one instance unless the file says otherwise", async () => {
  const [file] = await readOne(GOOD);
  expect(file?.worlds.map((one) => one.instances)).toEqual([1]);
});

test("how a region syncs may be said in part", async () => {
  const [file] = await readOne(`${GOOD}sync:\n  flushMs: 100\n  compression: gzip\n`);
  expect(file?.sync).toEqual({ flushMs: 100, compression: "gzip" });
});

test("how far players of a land of blocks come to be from each other may be said", async () => {
  const [file] = await readOne(`${GOOD}  - world: blocks\n    spawnBlocks: 500\n`);
  expect(file?.worlds.map((one) => one.spawnBlocks)).toEqual([undefined, 500]);
});

const wrong: [string, string, string, string?][] = [
  ["an unknown field", `${GOOD}colour: red\n`, "the file has no field colour"],
  [
    "an unknown world",
    GOOD.replace("arena", "casino"),
    'worlds.0.world must be one of arena, blocks, not "casino"',
  ],
  ["a missing title", GOOD.replace("title: Europe\n", ""), "title must be a text"],
  ["a region that is no name", GOOD.replace("eu-west-1", "EU West"), "region must be 1 to 32 of"],
  ["a world named twice", `${GOOD}  - world: arena\n`, "worlds must name each world once"],
  [
    "a strange compression",
    `${GOOD}sync:\n  compression: rar\n`,
    "must be one of none, zstd, gzip",
  ],
  [
    "a setting of another world",
    `${GOOD}    spawnBlocks: 100\n`,
    "worlds.0.spawnBlocks is for the world blocks alone",
  ],
  [
    "a field of sync that is mistyped",
    `${GOOD}sync:\n  flushMS: 5\n`,
    "sync has no field flushMS (did you mean flushMs?); it may have batchCount, flushMs",
  ],
  ["a stream that is no name", `${GOOD}sync:\n  stream: a.b\n`, "sync.stream must be 1 to 32"],
  ["a retention of no time", `${GOOD}sync:\n  retentionHours: 0\n`, "sync.retentionHours"],
  ["no YAML", "region: [", "cannot read region file"],
  ["another file name", GOOD, "it describes eu-west-1; name it eu-west-1.yaml", "us.yaml"],
  ["no file at all", GOOD, "holds no .yaml file", "notes.txt"],
];
test("a second file of a region is refused", async () => {
  using folder = createTempDir();
  await Bun.write(join(folder.path, "eu-west-1.yaml"), GOOD);
  await Bun.write(join(folder.path, "us-east-1.yaml"), GOOD);
  expect(() => readRegionFiles(folder.path)).toThrow(
    "us-east-1.yaml: it describes eu-west-1, as eu-west-1.yaml does; give each region one file",
  );
});

for (const [what, content, message, name] of wrong) {
  test(`${what} is refused by name`, async () => {
    const reading = readOne(content, name);
    await expect(reading).rejects.toBeInstanceOf(ConfigurationError);
    await expect(reading).rejects.toThrow(message);
  });
}
