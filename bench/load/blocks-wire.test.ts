import { expect, test } from "bun:test";
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { ClientFrameSchema, ServerFrameSchema } from "#proto/frame_pb.ts";
import { createBlocksWire } from "./blocks-wire.ts";
import { createNews } from "./wire.ts";

const wire = createBlocksWire();

type ServerFrameInit = NonNullable<MessageInitShape<typeof ServerFrameSchema>["frame"]>;

/** Reads a frame that lies somewhere in a larger buffer. */
function read(frame: ServerFrameInit) {
  const bytes = toBinary(ServerFrameSchema, create(ServerFrameSchema, { frame }));
  const buffer = new Uint8Array(bytes.length + 7).fill(0xff);
  buffer.set(bytes, 3);
  const news = createNews();
  wire.read({ bytes: buffer, start: 3, end: 3 + bytes.length }, 0, news);
  return news;
}

test("a tick tells its number, the ack and the own place in sixteenths of a block", () => {
  const self = { x: 102_450, y: 200, health: 90, controls: { dx: 1, dy: -1 }, facing: 3 };
  const ack = { sequence: 300, self: { case: "blocks" as const, value: self } };
  const news = read({ case: "tick", value: { tick: 70_000, ack, goneCells: [1, 2] } });
  expect(news).toMatchObject({ kind: "tick", tick: 70_000, acked: 300, x: 16_392, y: 32 });
  expect(news).toMatchObject({ isFree: true, seen: -1 });
});

test("the dead are not free, and a tick without an ack says so", () => {
  const ack = { sequence: 1, self: { case: "blocks" as const, value: { x: 100 } } };
  expect(read({ case: "tick", value: { tick: 1, ack } })).toMatchObject({ isFree: false });
  expect(read({ case: "tick", value: { tick: 5 } })).toMatchObject({ acked: -1, x: Number.NaN });
});

test("a welcome tells the world's size in units, and another world is refused", () => {
  const blocks = { case: "blocks" as const, value: { tickRate: 20, columns: 128, rows: 64 } };
  const value = { entityId: 7, tick: 3, sendIntervalTicks: 2 };
  const { welcome } = read({ case: "welcome", value: { ...value, world: blocks } });
  expect(welcome?.world).toEqual({ width: 32_768, height: 16_384 });
  expect(welcome?.frameMs).toBe(100);
  expect(() => read({ case: "welcome", value })).toThrow("this is no world of blocks");
});

test("controls and emotes are what protobuf-es reads", () => {
  const decode = (frame: Uint8Array) => fromBinary(ClientFrameSchema, frame.subarray(6)).frame;
  expect(decode(wire.controls(9, 1, -1)).value).toMatchObject({
    sequence: 9,
    controls: { case: "blocks", value: { dx: 1, dy: -1 } },
  });
  expect(decode(wire.attack(10)).value).toMatchObject({
    sequence: 10,
    action: { case: "blocks", value: { action: { case: "emote" } } },
  });
});
