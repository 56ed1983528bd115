import { expect, test } from "bun:test";
import { RegionFile } from "#shared/infra/region-file.ts";
import { readSyncConfig } from "./sync-config.ts";

const files = [
  { region: "eu-west-1", title: "Europe", worlds: [{ world: "arena" }], sync: { flushMs: 100 } },
  { region: "us-east-1", title: "America", worlds: [{ world: "arena" }] },
  { region: "ap-south-1", title: "Asia", worlds: [] },
].map((file) => RegionFile.parse(file));

function read(region: string, environment: Record<string, string> = {}) {
  return readSyncConfig({ region, world: "arena", files, environment, clusterSecret: "secret" });
}

test("the environment goes before the region's file, and that before the defaults", () => {
  expect(read("us-east-1").settings).toMatchObject({
    ...{ batchCount: 100, flushMs: 3_000, compression: "zstd", retentionMs: 86_400_000 },
  });
  expect(read("eu-west-1").settings.flushMs).toBe(100);
  const environment = { TESSERA_SYNC_FLUSH_MS: "250", TESSERA_SYNC_COMPRESSION: "gzip" };
  expect(read("eu-west-1", environment).settings).toMatchObject({
    ...{ flushMs: 250, compression: "gzip" },
  });
});

test("all that a file says of it has a setting that goes before it", () => {
  const sync = { batchCount: 7, flushMs: 50, compression: "gzip", retentionHours: 2 };
  const file = RegionFile.parse({ region: "mars-1", title: "Mars", worlds: [], sync });
  const sources = { region: "mars-1", world: "arena", clusterSecret: "secret", files: [file] };
  expect(readSyncConfig({ ...sources, environment: {} }).settings).toMatchObject({
    ...{ batchCount: 7, flushMs: 50, compression: "gzip", retentionMs: 7_200_000 },
  });
  const environment = {
    TESSERA_SYNC_BATCH_COUNT: "9",
    TESSERA_SYNC_FLUSH_MS: "60",
    TESSERA_SYNC_COMPRESSION: "none",
    TESSERA_SYNC_RETENTION_HOURS: "3",
  };
  expect(readSyncConfig({ ...sources, environment }).settings).toMatchObject({
    ...{ batchCount: 9, flushMs: 60, compression: "none", retentionMs: 10_800_000 },
  });
});

test("regions whose files name the world have keys of the cluster's secret", () => {
  expect([...read("eu-west-1").keys.keys()]).toEqual(["eu-west-1", "us-east-1"]);
  expect(read("eu-west-1").keys.get("us-east-1")).toEqual(read("us-east-1").keys.get("us-east-1"));
});

test("a region whose file comes is known from then on, and one whose file goes no more", () => {
  const config = read("eu-west-1");
  const { keys } = config;
  const third = RegionFile.parse({ region: "ap-south-1", title: "Asia", worlds: files[0]?.worlds });
  config.follow([...files.slice(0, 2), third]);
  expect([...keys.keys()]).toEqual(["eu-west-1", "us-east-1", "ap-south-1"]);
  config.follow([third]);
  expect([...keys.keys()]).toEqual(["eu-west-1", "ap-south-1"]);
});

const KEY = "0123456789abcdef0123456789abcdef";

test("keys may be given", () => {
  const given = read("eu-west-1", { TESSERA_REGION_KEYS: `eu-west-1=${KEY}, mars-1=${KEY}` });
  const { keys } = given;
  expect([...keys.keys()]).toEqual(["eu-west-1", "mars-1"]);
  given.follow(files);
  expect([...keys.keys()]).toEqual(["eu-west-1", "mars-1"]);
});

test.each([
  ["none for this region", `us-east-1=${KEY}`, "has no key for it; add eu-west-1=KEY"],
  ["one that is short", "eu-west-1=guess", "it has 5 characters; take 32 or more"],
  ["one twice", `eu-west-1=${KEY},eu-west-1=${KEY}`, "eu-west-1 is there twice"],
  ["no form", KEY, "write it as eu-west-1=KEY"],
])("keys with %s are refused", (_what, keys, message) => {
  expect(() => read("eu-west-1", { TESSERA_REGION_KEYS: keys })).toThrow(message);
});
