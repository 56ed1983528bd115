import { expect, test } from "bun:test";
import { FRAME_BYTES_MAX } from "#shared/net/protocol.ts";
import { readShardConfig } from "./config.ts";

const FLAGS = ["--region", "eu-west-1", "--world", "arena"];
const SECRET = "Rk3v9xTq7LmZ2wBn5cYh8dJf4gSp6aUe";

test.each([
  ["development", undefined, "events"],
  ["development", "off", undefined],
  ["development", "delta", "delta"],
  ["production", undefined, undefined],
  ["production", "events", "events"],
] as const)("in %s the legacy wire, set to %s, is %s", (mode, wire, form) => {
  const environment = {
    NODE_ENV: mode,
    TESSERA_CLUSTER_SECRET: SECRET,
    ...(wire && { TESSERA_LEGACY_WIRE: wire }),
  };
  expect(readShardConfig(FLAGS, environment).legacyForm).toBe(form);
});

test("the region is the command line's, else the environment's", () => {
  const environment = { TESSERA_CLUSTER_SECRET: SECRET, TESSERA_REGION: "us-east-1" };
  expect(String(readShardConfig(["--world", "blocks"], environment).region)).toBe("us-east-1");
  expect(String(readShardConfig(FLAGS, environment).region)).toBe("eu-west-1");
});

test("security 4: what one connection and one address may do, when nobody sets it", () => {
  expect(readShardConfig(FLAGS, { TESSERA_CLUSTER_SECRET: SECRET })).toMatchObject({
    connectionsPerAddressMax: 20,
    messagesPerSecondMax: 60,
  });
  expect(FRAME_BYTES_MAX).toBe(4_096);
});
