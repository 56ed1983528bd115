import { expect, test } from "bun:test";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { ClientFrameSchema } from "#proto/frame_pb.ts";
import { LegacyCommands } from "./legacy-commands.ts";
import type { LegacyMessage } from "./legacy-reader.ts";

const DIRECTIONS = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => [dx, dy] as const));

function frameOf(commands: LegacyCommands, message: LegacyMessage) {
  const bytes = commands.translate(message);
  return bytes === undefined ? undefined : fromBinary(ClientFrameSchema, bytes).frame;
}

function acknowledged(commands: LegacyCommands, sequence: number): number[] {
  const told: number[] = [];
  commands.acknowledge(sequence, (theirs) => told.push(theirs));
  return told;
}

test("each message becomes a frame of our own, numbered on from the shard's last", () => {
  const commands = new LegacyCommands(40);
  expect(frameOf(commands, { kind: "move", dx: -1, dy: 1, sequence: 7 })).toMatchObject({
    case: "input",
    value: { sequence: 41, tick: 0, controls: { case: "arena", value: { dx: -1, dy: 1 } } },
  });
  expect(frameOf(commands, { kind: "direction", right: true })).toMatchObject({
    case: "intent",
    value: {
      sequence: 42,
      action: { value: { action: { case: "face", value: { right: true } } } },
    },
  });
  expect(frameOf(commands, { kind: "attack" })).toMatchObject({
    case: "intent",
    value: { sequence: 43, action: { case: "arena", value: { action: { case: "attack" } } } },
  });
  expect(frameOf(commands, { kind: "viewport", width: 9, height: 65_535 })).toMatchObject({
    case: "viewport",
    value: { width: 9, height: 65_535 },
  });
});

test("a MOVE has the bytes that protobuf-es would write", () => {
  for (const start of [0, 126, 16_382, 2 ** 31]) {
    const commands = new LegacyCommands(start);
    for (const [dx, dy] of DIRECTIONS) {
      const bytes = commands.translate({ kind: "move", dx, dy, sequence: 1 });
      if (bytes === undefined) throw new Error("cannot test: a MOVE is a frame");
      expect(bytes).toEqual(toBinary(ClientFrameSchema, fromBinary(ClientFrameSchema, bytes)));
      const { frame } = fromBinary(ClientFrameSchema, bytes);
      expect(frame).toMatchObject({ case: "input", value: { controls: { value: { dx, dy } } } });
    }
  }
});

test("the end of an attack is the world's business", () => {
  expect(frameOf(new LegacyCommands(0), { kind: "attackEnd" })).toBeUndefined();
});

test("every MOVE that was applied is acknowledged once by the client's own number", () => {
  const commands = new LegacyCommands(0);
  for (const sequence of [100, 7, 101]) {
    commands.translate({ kind: "move", dx: 0, dy: 0, sequence });
    commands.translate({ kind: "attack" });
  }
  expect(acknowledged(commands, 0)).toEqual([]);
  expect(acknowledged(commands, 4)).toEqual([100, 7]);
  expect(acknowledged(commands, 4)).toEqual([]);
  expect(acknowledged(commands, 6)).toEqual([101]);
});

test("what is owed to a client that is never acknowledged does not grow", () => {
  const commands = new LegacyCommands(0);
  for (let sequence = 1; sequence <= 1_000; sequence++) {
    commands.translate({ kind: "move", dx: 0, dy: 0, sequence });
  }
  const told = acknowledged(commands, 1_000);
  expect(told).toHaveLength(256);
  expect([told[0], told.at(-1)]).toEqual([745, 1_000]);
});
