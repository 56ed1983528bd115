import { expect, test } from "bun:test";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { ClientFrameSchema } from "#proto/frame_pb.ts";
import type { ClientFrameInit } from "../testing/client-frames.ts";
import {
  actionFrame,
  attackFrame,
  encodeClientFrame,
  moveFrame,
} from "../testing/client-frames.ts";
import { decodeCommand } from "./decode-command.ts";

const PLACE = { sequence: 300, tick: 70_000 };
const face = { action: { case: "face" as const, value: { right: true } } };
const ID = Uint8Array.from({ length: 16 }, (_, index) => index * 16);
const NONE = new Uint8Array(0);

test.each<[string, ClientFrameInit]>([
  ["controls", moveFrame(PLACE, { dx: -1, dy: 1 })],
  ["controls out of range", moveFrame(PLACE, { dx: 3, dy: -2_000_000 })],
  ["an attack", attackFrame(PLACE)],
  ["a turn", { case: "intent", value: { ...PLACE, action: { case: "arena", value: face } } }],
  ["a respawn", actionFrame(PLACE, { case: "respawn", value: {} }, ID)],
  ["a gift", actionFrame(PLACE, { case: "give", value: { entity: 1_048_577 } }, ID)],
  ["a gift to nobody", actionFrame(PLACE, { case: "give", value: { entity: 0 } }, NONE)],
  ["nothing of this world", { case: "input", value: PLACE }],
])("%s are what protobuf-es reads", (_, init) => {
  const bytes = encodeClientFrame(init);
  const { frame } = fromBinary(ClientFrameSchema, bytes);
  if (frame.case !== "input" && frame.case !== "intent") throw new Error("cannot test: no command");
  expect(decodeCommand(bytes)).toMatchObject(withoutNames(frame.value));
});

test("an id is the command's own: the next command leaves it as it is", () => {
  const respawn = { case: "respawn" as const, value: {} };
  const first = decodeCommand(encodeClientFrame(actionFrame(PLACE, respawn, ID)));
  decodeCommand(encodeClientFrame(actionFrame(PLACE, respawn, ID.toReversed())));
  expect(first).toMatchObject({ actionId: ID });
});

test("what is no command is the gateway's mistake", () => {
  const bytes = toBinary(ClientFrameSchema, create(ClientFrameSchema, {}));
  expect(() => decodeCommand(bytes)).toThrow("cannot read command: the gateway passed on nothing");
});

function withoutNames(value: object): object {
  return JSON.parse(JSON.stringify(value, (key, each) => (key === "$typeName" ? undefined : each)));
}
