import { expect, test } from "bun:test";
import { RegionFile } from "#shared/infra/region-file.ts";
import { planStart } from "./plan.ts";

const regions = [
  RegionFile.parse({ region: "eu-west-1", title: "Europe", worlds: [{ world: "arena" }] }),
];

test("--take-over goes to the shards, for their first start", () => {
  const plan = planStart(regions, { flags: ["--take-over"], environment: {} });
  expect(plan.shards("http://server.test")).toMatchObject([{ parametersOnce: ["--take-over"] }]);
  expect(plan.server.parametersOnce).toBeUndefined();
});

test("an unknown flag is refused by its name", () => {
  expect(() => planStart(regions, { flags: ["--takeover"], environment: {} })).toThrow(
    "cannot start with --takeover: there is no such flag; usage: bun start [--take-over]",
  );
});
