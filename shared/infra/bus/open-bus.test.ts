import { expect, test } from "bun:test";
import { RegionFile } from "#shared/infra/region-file.ts";
import { chooseBus } from "./open-bus.ts";

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

test("a region's file takes no address that is none of a bus", () => {
  expect(() => fileOf("eu-west-1", "kafka://broker")).toThrow("must be local: or a redis://");
});
