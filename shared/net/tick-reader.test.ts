import { expect, test } from "bun:test";
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { ServerFrameSchema, type Tick, type TickSchema } from "#proto/frame_pb.ts";
import { ARENA_EVENT, TickFrame } from "./tick-frame.ts";
import { readTickFrame } from "./tick-reader.ts";
import { WireError } from "./wire-reader.ts";

const uint32 = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 0xffff_ffff }));
const sint32 = fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff });
const entity = fc.record({
  id: uint32,
  x: uint32,
  y: uint32,
  pose: uint32,
  wounds: uint32,
  score: uint32,
  name: fc.string({ unit: "binary", maxLength: 40 }),
});
const event = fc.oneof(
  fc.record({
    case: fc.constant("hit" as const),
    value: fc.record({ attacker: uint32, target: uint32, damage: uint32 }),
  }),
  fc.record({
    case: fc.constant("death" as const),
    value: fc.record({ entity: uint32, killer: uint32 }),
  }),
);
const cell = fc.record({
  cell: uint32,
  keyframe: fc.boolean(),
  gone: fc.array(uint32, { maxLength: 8 }),
  arenaEntities: fc.array(entity, { maxLength: 8 }),
  arenaEvents: fc.array(fc.record({ event }), { maxLength: 4 }),
  stateHash: uint32,
});
const self = fc.record({
  x: uint32,
  y: uint32,
  controls: fc.record({ dx: sint32, dy: sint32 }),
  facingRight: fc.boolean(),
  state: fc.integer({ min: -1, max: 4 }),
  health: uint32,
  attackEndTick: uint32,
  attackReadyTick: uint32,
  respawnTick: uint32,
  kills: uint32,
  deaths: uint32,
  score: uint32,
  credits: uint32,
});
const ack = fc.record({
  sequence: uint32,
  self: fc.record({ case: fc.constant("arena" as const), value: self }),
});
const tick = fc.record({
  tick: uint32,
  ack: fc.option(ack, { nil: undefined }),
  // More of them than fresh columns have room for, now and then.
  cells: fc.array(cell, { maxLength: 90, size: "large" }),
  goneCells: fc.array(uint32, { maxLength: 8 }),
  reset: fc.boolean(),
  arenaMoves: fc
    .array(fc.tuple(uint32, uint32, uint32, uint32), { maxLength: 90 })
    .map((rows) => rows.flat()),
});

function encode(value: MessageInitShape<typeof TickSchema>): Uint8Array {
  const frame = create(ServerFrameSchema, { frame: { case: "tick", value: value as Tick } });
  return toBinary(ServerFrameSchema, frame);
}

const frame = new TickFrame();

/** What protobuf-es reads, in the columns' order; undefined when it refuses or it is no tick. */
function meaning(bytes: Uint8Array): object | undefined {
  let read: ReturnType<typeof fromBinary<typeof ServerFrameSchema>>["frame"];
  try {
    read = fromBinary(ServerFrameSchema, bytes).frame;
  } catch {
    return undefined;
  }
  if (read.case !== "tick") return undefined;
  const { value } = read;
  const arena = value.ack?.self.case === "arena" ? value.ack.self.value : undefined;
  return {
    tick: value.tick,
    reset: value.reset,
    sequence: value.ack?.sequence,
    self: arena === undefined ? undefined : plainSelf(arena),
    cells: value.cells.map((one) => [one.cell, one.keyframe ? 1 : 0, one.stateHash]),
    records: value.cells.map(({ arenaEntities }) =>
      arenaEntities.map((one) => [one.id, one.x, one.y, one.pose, one.wounds, one.score, one.name]),
    ),
    gone: value.cells.flatMap(({ gone }) => gone),
    events: value.cells
      .flatMap(({ arenaEvents }) => arenaEvents)
      .flatMap(({ event: one }) => {
        if (one.case === undefined) return [];
        if (one.case === "death")
          return [[ARENA_EVENT.death, one.value.killer, one.value.entity, 0]];
        const { attacker, target, damage } = one.value;
        return [[ARENA_EVENT.hit, attacker, target, damage]];
      }),
    goneCells: value.goneCells,
    moves: value.arenaMoves.map((number, index) =>
      index % 4 === 1 || index % 4 === 2 ? (number >>> 1) ^ -(number & 1) : number,
    ),
  };
}

function plainSelf(read: NonNullable<NonNullable<Tick["ack"]>["self"]["value"]>): unknown {
  const { $typeName, $unknown, controls, ...rest } = read;
  return { ...rest, controls: { dx: controls?.dx ?? 0, dy: controls?.dy ?? 0 } };
}

/** What the reader reads, in the same form; undefined when it refuses or it is no tick. */
function read(bytes: Uint8Array): object | undefined {
  try {
    return readTickFrame(bytes, frame) ? contentOf(frame) : undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(WireError);
    return undefined;
  }
}

function contentOf(from: TickFrame): object {
  const { cells, records, events, moves } = from;
  const rows = (count: number) => Array.from({ length: count }, (_, row) => row);
  const record = (row: number) => [
    records.id[row],
    records.x[row],
    records.y[row],
    records.pose[row],
    records.wounds[row],
    records.score[row],
    from.nameOf(row),
  ];
  return {
    tick: from.tick,
    reset: from.reset,
    sequence: from.hasAck ? from.sequence : undefined,
    self: from.hasSelf ? structuredClone(from.self) : undefined,
    cells: rows(cells.count).map((row) => [
      cells.number[row],
      cells.keyframe[row],
      cells.stateHash[row],
    ]),
    records: rows(cells.count).map((row) =>
      rows(cells.recordEnd[row] ?? 0)
        .slice(from.recordStart(row))
        .map(record),
    ),
    gone: [...from.gone.value.subarray(0, from.gone.count)],
    events: rows(events.count).map((row) => [
      events.kind[row],
      events.attacker[row],
      events.target[row],
      events.damage[row],
    ]),
    goneCells: [...from.goneCells.value.subarray(0, from.goneCells.count)],
    moves: rows(moves.count).flatMap((row) => [
      moves.id[row],
      moves.dx[row],
      moves.dy[row],
      moves.pose[row],
    ]),
  };
}

test("whatever ticks protobuf-es writes are read as it reads them", () => {
  fc.assert(
    fc.property(tick, (value) => {
      const bytes = encode(value);
      expect(read(bytes)).toEqual(meaning(bytes));
      expect(read(bytes)).toBeDefined();
    }),
  );
});

test("damaged ticks are refused or mean what protobuf-es says", () => {
  const damage = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 2 });
  const small = fc.record({ ...tickParts(), cells: fc.array(cell, { maxLength: 3 }) });
  let agreed = 0;
  fc.assert(
    fc.property(small, damage, fc.nat(2), (value, changes, cut) => {
      const bytes = encode(value).slice();
      for (const [index, byte] of changes) if (index < bytes.length) bytes[index] = byte;
      const damaged = bytes.subarray(0, bytes.length - cut);
      const content = read(damaged);
      if (content === undefined) return;
      agreed += 1;
      expect(meaning(damaged)).toEqual(content);
    }),
    { numRuns: 3_000 },
  );
  expect(agreed).toBeGreaterThan(100);
});

test("random bytes are refused or mean what protobuf-es says", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 24 }), (body) => {
      const bytes = Uint8Array.of(0x12, body.length, ...body);
      const content = read(bytes);
      if (content !== undefined) expect(meaning(bytes)).toEqual(content);
    }),
    { numRuns: 5_000 },
  );
});

function tickParts() {
  return {
    tick: uint32,
    ack: fc.option(ack, { nil: undefined }),
    goneCells: fc.array(uint32, { maxLength: 3 }),
    reset: fc.boolean(),
    arenaMoves: fc.array(fc.constant([7, 1, 2, 5]), { maxLength: 3 }).map((rows) => rows.flat()),
  };
}

test("other frames are left to protobuf-es", () => {
  const pong = { case: "pong" as const, value: { tick: 5 } };
  const bytes = toBinary(ServerFrameSchema, create(ServerFrameSchema, { frame: pong }));
  expect(readTickFrame(bytes, frame)).toBe(false);
  expect(readTickFrame(new Uint8Array(0), frame)).toBe(false);
});

test("fields and events of a later version are passed over", () => {
  const cellBytes = [0x08, 4, 0x2a, 3, 0x1a, 1, 9, 0x7a, 1, 0xff, 0x22, 4, 0x08, 6, 0x78, 1];
  const body = [0x08, 77, 0x1a, cellBytes.length, ...cellBytes, 0x78, 5];
  expect(readTickFrame(Uint8Array.of(0x12, body.length, ...body), frame)).toBe(true);
  expect([frame.tick, frame.cells.number[0], frame.records.id[0]]).toEqual([77, 4, 6]);
  expect([frame.events.count, frame.records.count]).toEqual([0, 1]);
});

const DAMAGED: readonly [name: string, body: number[], message: string][] = [
  ["an ack in two pieces", [0x12, 0, 0x12, 0], "cannot read frame: ack comes twice"],
  ["moves that are not in rows of four", [0x32, 3, 1, 2, 3], "cannot read message: it ends too"],
  ["a known field in another form", [0x18, 1], "cannot read frame: field 3 has wire type 0"],
  ["a cell's field of another world", [0x1a, 2, 0x48, 1], "cannot read frame: field 9 has wire"],
];

for (const [name, body, message] of DAMAGED) {
  test(`${name} is a WireError`, () => {
    const bytes = Uint8Array.of(0x12, body.length, ...body);
    expect(() => readTickFrame(bytes, frame)).toThrow(message);
  });
}
