import { expect, test } from "bun:test";
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { ArenaState } from "#proto/arena_pb.ts";
import { ClientFrameSchema, GoodbyeReason, ServerFrameSchema } from "#proto/frame_pb.ts";
import { createTesseraWire } from "./tessera-wire.ts";
import { createNews, directionBits } from "./wire.ts";

const wire = createTesseraWire();

type ServerFrameInit = NonNullable<MessageInitShape<typeof ServerFrameSchema>["frame"]>;

/** Reads a frame that lies somewhere in a larger buffer. */
function read(frame: ServerFrameInit, watched = 0) {
  const bytes = toBinary(ServerFrameSchema, create(ServerFrameSchema, { frame }));
  const buffer = new Uint8Array(bytes.length + 7).fill(0xff);
  buffer.set(bytes, 3);
  const news = createNews();
  wire.read({ bytes: buffer, start: 3, end: 3 + bytes.length }, watched, news);
  return news;
}

/** The payload of a client's WebSocket frame, whose mask is 0. */
function decode(frame: Uint8Array) {
  const isShort = ((frame[1] ?? 0) & 0x7f) < 126;
  return fromBinary(ClientFrameSchema, frame.subarray(isShort ? 6 : 8)).frame;
}

const SELF = { x: 12_345, y: 60_000, state: ArenaState.MOVING, controls: { dx: -1, dy: 1 } };
const MOVING_LEFT = directionBits(-1, 0) | (1 << 5);

test("a tick tells its number, the ack and the own place", () => {
  const ack = { sequence: 300, self: { case: "arena" as const, value: SELF } };
  const news = read({ case: "tick", value: { tick: 70_000, ack, goneCells: [1, 2] } });
  expect(news).toMatchObject({ kind: "tick", tick: 70_000, acked: 300, x: 1_234.5, y: 6_000 });
  expect(news).toMatchObject({ isFree: true, seen: -1 });
});

test("a tick without an ack says so", () => {
  const news = read({ case: "tick", value: { tick: 5 } });
  expect(news).toMatchObject({ kind: "tick", tick: 5, acked: -1, x: Number.NaN });
});

test("one who attacks or is dead is not free", () => {
  const value = { ...SELF, state: ArenaState.DEAD };
  const ack = { sequence: 0, self: { case: "arena" as const, value } };
  expect(read({ case: "tick", value: { ack } })).toMatchObject({ acked: 0, isFree: false });
});

test("the watched one is found in rows of moves", () => {
  const value = { tick: 9, arenaMoves: [4, 1, 2, 5, 70_000, 33, 500, MOVING_LEFT, 8, 0, 0, 5] };
  expect(read({ case: "tick", value }, 70_000).seen).toBe(directionBits(-1, 0));
  expect(read({ case: "tick", value }, 33).seen).toBe(-1);
  expect(read({ case: "tick", value }, 0).seen).toBe(-1);
});

test("the watched one is found in records of cells, among other fields", () => {
  const arenaEntities = [
    { id: 7, x: 1, y: 2, pose: 5, name: "Ada" },
    { id: 8, x: 70_000, y: 3, pose: MOVING_LEFT, wounds: 20, score: 3, name: "Alan" },
  ];
  const cells = [
    { cell: 3, gone: [8], stateHash: 0xdeadbeef },
    { cell: 4, arenaEntities },
  ];
  const value = { tick: 9, cells, goneCells: [8], reset: true };
  expect(read({ case: "tick", value }, 8).seen).toBe(directionBits(-1, 0));
  expect(read({ case: "tick", value }, 9).seen).toBe(-1);
});

test("an attacker's pose says nothing of its direction", () => {
  const pose = directionBits(0, 0) | ((ArenaState.ATTACKING - 1) << 5);
  expect(read({ case: "tick", value: { arenaMoves: [8, 0, 0, pose] } }, 8).seen).toBe(-1);
});

test("welcome, pong, rejection and goodbye", () => {
  const arena = { width: 3_000, height: 1_000, tickRate: 60, cellSize: 256, seed: 1 };
  const welcome = {
    entityId: 40,
    resumeToken: "again",
    tick: 600,
    sequence: 12,
    sendIntervalTicks: 6,
    resumed: true,
    world: { case: "arena" as const, value: arena },
  };
  expect(read({ case: "welcome", value: welcome })).toMatchObject({
    kind: "welcome",
    tick: 600,
    welcome: {
      entity: 40,
      resumeToken: "again",
      sequence: 12,
      resumed: true,
      frameMs: 100,
      frameTicks: 6,
      world: { width: 3_000, height: 1_000 },
    },
  });
  const pong = { clientTimeMs: 1_234.5678, tick: 9, tickElapsedMicros: 1 };
  expect(read({ case: "pong", value: pong })).toMatchObject({ kind: "pong", pingMs: 1_234.5678 });
  expect(read({ case: "rejection", value: { sequence: 1 } }).kind).toBe("rejection");
  const goodbye = { reason: GoodbyeReason.TOO_SLOW, message: "read faster" };
  expect(read({ case: "goodbye", value: goodbye })).toMatchObject({ goodbye: "TOO_SLOW" });
});

test.each([1, 127, 128, 16_384, 0xffff_ffff])("inputs with sequence %p", (sequence) => {
  for (const dx of [-1, 0, 1]) {
    for (const dy of [-1, 0, 1]) {
      const written = wire.controls(sequence, dx, dy);
      const controls = { case: "arena" as const, value: { dx, dy } };
      const frame = { case: "input" as const, value: { sequence, controls } };
      const expected = toBinary(ClientFrameSchema, create(ClientFrameSchema, { frame }));
      expect([...written.subarray(6)]).toEqual([...expected]);
      expect(written[1]).toBe(0x80 | expected.length);
    }
  }
});

test("hello, attack, ping and leave are frames of the protocol", () => {
  const viewport = { width: 800, height: 600 };
  const ticket = "t".repeat(500);
  expect(decode(wire.hello({ ticket }, viewport))).toMatchObject({
    case: "hello",
    value: { credential: { case: "ticket", value: ticket }, viewport },
  });
  expect(decode(wire.hello({ resumeToken: "r" }, viewport))).toMatchObject({
    value: { credential: { case: "resumeToken", value: "r" } },
  });
  expect(decode(wire.attack(9))).toMatchObject({ case: "intent", value: { sequence: 9 } });
  expect(decode(wire.ping(77.25))).toMatchObject({ case: "ping", value: { clientTimeMs: 77.25 } });
  expect(decode(wire.leave() ?? new Uint8Array(0)).case).toBe("leave");
});
