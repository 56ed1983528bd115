import { expect, test } from "bun:test";
import { create } from "@bufbuild/protobuf";
import { RegionMessageSchema } from "#proto/region_pb.ts";
import { deriveRegionKeys, openMessage, signMessage } from "./region-keys.ts";

const keys = deriveRegionKeys("a secret that all share", ["eu-west-1", "us-east-1"]);
const message = create(RegionMessageSchema, {
  region: "eu-west-1",
  world: "blocks:1",
  incarnation: 5n,
  content: { case: "batch", value: { sequence: 1 } },
});

test("what a region signs is taken by the others", () => {
  const opened = openMessage(signMessage(message, keys), keys);
  expect(opened.content).toMatchObject({ case: "batch", value: { sequence: 1 } });
});

test("security 8: a region without a key is refused, and cannot sign", () => {
  const known = deriveRegionKeys("a secret that all share", ["us-east-1"]);
  expect(() => openMessage(signMessage(message, keys), known)).toThrow(
    'cannot take message of region "eu-west-1": it is unknown here; add its file to regions/',
  );
  expect(() => signMessage(message, known)).toThrow("it has no key");
});

test("security 8: forged, changed and foreign messages are refused", () => {
  const signed = signMessage(message, keys);
  const changed = { ...signed, message: Uint8Array.from(signed.message, (byte) => byte ^ 1) };
  expect(() => openMessage(changed, keys)).toThrow("its signature is wrong");
  expect(() => openMessage({ ...signed, signature: new Uint8Array(32) }, keys)).toThrow("wrong");
  expect(() => openMessage({ ...signed, signature: new Uint8Array() }, keys)).toThrow("wrong");
  const others = deriveRegionKeys("another secret", ["eu-west-1"]);
  expect(() => openMessage(signMessage(message, others), keys)).toThrow(
    "give all regions the same",
  );
});

test("a region cannot speak for another", () => {
  const key = keys.get("us-east-1") ?? new Uint8Array();
  const signed = signMessage(message, new Map([["eu-west-1", key]]));
  expect(() => openMessage({ ...signed, region: "us-east-1" }, keys)).toThrow(
    "it speaks for another",
  );
});
