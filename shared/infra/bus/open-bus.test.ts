import { expect, test } from "bun:test";
import { RegionFile } from "#shared/infra/region-file.ts";
import { chooseBus, chooseStream } from "./open-bus.ts";

const fileOf = (region: string, bus?: string) =>
  RegionFile.parse({ region, title: region, worlds: [], ...(bus !== undefined && { bus }) });
const redis = "redis://broker.internal";

test.each([
  ["nothing is said", {}, [fileOf("eu-west-1")], "local:"],
  ["the region says so", {}, [fileOf("eu-west-1", redis)], redis],
  ["all regions say so", {}, [fileOf("eu-west-1", redis), fileOf("us-east-1", redis)], redis],
  ["the environment has the last word", { TESSERA_BUS: "x" }, [fileOf("eu-west-1", redis)], "set"],
] as const)("which bus: %s", (_, environment, files, expected) => {
  const configured = "TESSERA_BUS" in environment ? "set" : "local:";
  expect(chooseBus(environment, configured, files)).toBe(expected);
});

test("regions that name different ones leave it to the environment", () => {
  const files = [fileOf("eu-west-1", redis), fileOf("us-east-1")];
  expect(() => chooseBus({}, "local:", files)).toThrow(
    "cannot choose a bus: the region files name 2 different ones; set TESSERA_BUS",
  );
});

const DAY_MS = 86_400_000;
const synced = (region: string, sync: object) =>
  RegionFile.parse({ region, title: region, worlds: [], sync });

test.each([
  ["nothing is said", {}, [fileOf("eu-west-1")], "GLOBAL_EVENTS", 1],
  ["the files say so", {}, [synced("eu-west-1", { stream: "GAME_2" })], "GAME_2", 1],
  ["the environment", { TESSERA_SYNC_STREAM: "A" }, [fileOf("eu-west-1")], "A", 1],
  ["a longer time", {}, [synced("a", { retentionHours: 48 }), fileOf("b")], "GLOBAL_EVENTS", 2],
  ["a shorter one", {}, [synced("a", { retentionHours: 12 })], "GLOBAL_EVENTS", 0.5],
  ["its environment", { TESSERA_SYNC_RETENTION_HOURS: "72" }, [fileOf("b")], "GLOBAL_EVENTS", 3],
] as const)("which stream: %s", (_, environment, files, name, days) => {
  expect(chooseStream(environment, files)).toEqual({ name, batchAgeMs: days * DAY_MS });
});

test("regions that name different streams are told", () => {
  const files = [synced("eu-west-1", { stream: "GAME_2" }), fileOf("us-east-1")];
  expect(() => chooseStream({}, files)).toThrow("name GAME_2 and GLOBAL_EVENTS, and regions meet");
  expect(chooseStream({ TESSERA_SYNC_STREAM: "A" }, files).name).toBe("A");
});

test("a region's file takes no address that is none of a bus", () => {
  expect(() => fileOf("eu-west-1", "kafka://broker")).toThrow("must be local: or a redis://");
});
